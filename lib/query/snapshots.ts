import { queryOptions } from "@tanstack/react-query";
import type {
  CreatedLink,
  Link,
  LinkRequest,
  SnapshotRequest,
  SnapshotSummary,
} from "../contract/console-api";
import { fetchJson, queryString } from "./fetch-json";

export function createSnapshot(request: SnapshotRequest): Promise<SnapshotSummary> {
  return fetchJson("/api/snapshots", { method: "POST", body: request });
}

export const linksQuery = (filter: { snapshotId?: string; incidentId?: string }) =>
  queryOptions({
    queryKey: ["links", filter],
    queryFn: ({ signal }) => fetchJson<{ links: Link[] }>(`/api/links${queryString(filter)}`, { signal }),
  });

export function createLink(request: LinkRequest): Promise<CreatedLink> {
  return fetchJson("/api/links", { method: "POST", body: request });
}

export function revokeLink(linkId: string): Promise<Link> {
  return fetchJson(`/api/links/${encodeURIComponent(linkId)}`, { method: "DELETE" });
}
