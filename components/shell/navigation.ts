import { Server, Siren } from "lucide-react";

/** The pages of the rail: those that have a back end. */
export const destinations = [
  { name: "fleet", href: "/", icon: Server, key: "f" },
  { name: "incidents", href: "/incidents", icon: Siren, key: "i" },
] as const;

export function isCurrent(href: string, pathname: string): boolean {
  if (href === "/") return pathname === "/" || pathname.startsWith("/servers/");
  return pathname === href || pathname.startsWith(`${href}/`);
}

export type TimeControl = "live" | "frozen" | "none";

/** Which time controls a page has. */
export function timeControlOf(pathname: string): TimeControl {
  if (pathname === "/" || pathname.startsWith("/servers/")) return "live";
  return /^\/(snapshots|incidents)\/./.test(pathname) ? "frozen" : "none";
}
