/** A path of this console to land on; anything else is the fleet. */
export function safeDestination(wanted: string | undefined): string {
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted) || wanted.includes("\\")) return "/";
  const url = URL.canParse(wanted, "http://console") ? new URL(wanted, "http://console") : null;
  if (url?.host !== "console" || /^\/(login|api)(\/|$)/.test(url.pathname)) return "/";
  return url.pathname + url.search;
}

export type Destination =
  | { page: "destinationFleet" | "destinationIncidents" | "destinationSnapshot" }
  | { page: "destinationServer" | "destinationConnections"; server: string }
  | { page: "destinationIncident"; incident: string };

/** Which page a path is, in the words of the `login` messages. */
export function describeDestination(path: string): Destination {
  const [first, second, third] = path.split("?")[0]?.split("/").filter(Boolean) ?? [];
  if (first === "servers" && second) {
    const server = decodeURIComponent(second);
    return { page: third === "connections" ? "destinationConnections" : "destinationServer", server };
  }
  if (first === "incidents") {
    return second
      ? { page: "destinationIncident", incident: decodeURIComponent(second) }
      : { page: "destinationIncidents" };
  }
  return { page: first === "snapshots" ? "destinationSnapshot" : "destinationFleet" };
}
