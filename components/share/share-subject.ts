import type { SnapshotRequest } from "@/lib/contract/console-api";

/** What the Share button of a page gives a link to. */
export type ShareSubject =
  | { kind: "view"; page: SnapshotRequest["page"]; serverId: string | null }
  | { kind: "snapshot"; snapshotId: string }
  | { kind: "incident"; incidentId: string };

/** null where there is nothing to share: lists and settings. */
export function shareSubjectOf(pathname: string): ShareSubject | null {
  const [first, id, tab, ...rest] = pathname.split("/").filter(Boolean).map(decode);
  if (first === undefined) return { kind: "view", page: "fleet", serverId: null };
  if (id === undefined || rest.length > 0) return null;
  if (first === "servers") {
    if (tab === undefined || tab === "overview")
      return { kind: "view", page: "server-overview", serverId: id };
    return tab === "connections" ? { kind: "view", page: "server-connections", serverId: id } : null;
  }
  if (tab !== undefined) return null;
  if (first === "snapshots") return { kind: "snapshot", snapshotId: id };
  if (first === "incidents") return { kind: "incident", incidentId: id };
  return null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
