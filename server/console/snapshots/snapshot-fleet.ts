import type { ConnectionsPage, ConnectionsPageQuery } from "../../../lib/contract/console-api";
import type { Fleet } from "../runtime";

/** What a snapshot reads of the fleet. */
export interface SnapshotFleet
  extends Pick<Fleet, "snapshot" | "server" | "history" | "connectionsByNetwork" | "recentlyClosed"> {
  /** The page that was answered under a view id; null once it is forgotten. */
  captureConnections(
    viewId: string,
  ): { serverId: string; query: ConnectionsPageQuery; page: ConnectionsPage } | null;
}
