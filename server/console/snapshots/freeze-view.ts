import { setTimeout as sleep } from "node:timers/promises";
import type { SnapshotRequest } from "../../../lib/contract/console-api";
import { CodedError, isCodedError } from "../../../lib/errors";
import { readActions } from "../actions/action-store";
import { figuresAt, freezeSamples, type Window } from "./freeze-samples";
import type { FrozenView } from "./snapshot-store";
import type { SnapshotDeps } from "./snapshots";

/** Beside the page itself, its side panels are read anew: sharing does not wait longer for them. */
const sidePanelMs = 3_000;

/**
 * Everything that the page shows, read at one time. The window is cut to what is kept; throws WINDOW_NOT_KEPT
 * when it ended before that and VIEW_NOT_KEPT when the connections on screen are no longer known.
 */
export async function freezeView(
  deps: SnapshotDeps,
  request: SnapshotRequest,
): Promise<{ view: FrozenView; window: Window }> {
  const { db, fleet, actions, now } = deps;
  const serverId = serverOf(request);
  const asked = { fromMs: request.fromMs, toMs: Math.min(request.toMs, now()) };
  if (asked.fromMs >= asked.toMs) {
    throw new CodedError("INVALID_BODY", "the window ends before it begins", { field: "fromMs" });
  }
  const live = fleet.snapshot();
  const detail = serverId === null ? null : fleet.server(serverId);
  const samples = freezeSamples(fleet, live, serverId, asked);
  // Without a single sample the window stays as asked: a fleet that is down is worth sharing as well.
  const window = { fromMs: Math.max(asked.fromMs, samples.timesMs[0] ?? asked.fromMs), toMs: asked.toMs };
  const snapshot = figuresAt(fleet, live, window.toMs);
  const markers = actions.markers(window.fromMs).filter((marker) => marker.atMs <= window.toMs);
  const server = snapshot.servers.find((row) => row.id === serverId);
  const connections = await freezeConnections(deps, request, serverId);
  const done = await readActions(db, {
    serverIds: serverId === null ? undefined : [serverId],
    ...window,
    limit: 200,
  });
  return {
    window,
    view: {
      fleet: { ...snapshot, markers },
      server: detail && {
        ...detail,
        server: server ?? detail.server,
        atMs: snapshot.atMs,
        markers: markers.filter((marker) => marker.serverId === serverId),
      },
      samples,
      connections,
      actions: done.actions,
    },
  };
}

function serverOf({ page, serverId }: SnapshotRequest): string | null {
  if (page === "fleet") return null;
  if (serverId) return serverId;
  throw new CodedError("INVALID_BODY", `${page} needs a server`, { field: "serverId" });
}

async function freezeConnections(
  { fleet, logger }: SnapshotDeps,
  { page, viewId }: SnapshotRequest,
  serverId: string | null,
): Promise<FrozenView["connections"]> {
  if (page !== "server-connections" || serverId === null) return null;
  const seen = viewId === undefined ? null : fleet.captureConnections(viewId);
  if (!seen || seen.serverId !== serverId) {
    throw new CodedError("VIEW_NOT_KEPT", "the connections on screen are no longer kept");
  }
  const inTime = async <T>(panel: Promise<T>): Promise<T | null> => {
    try {
      return await Promise.race([panel, sleep(sidePanelMs, null, { ref: false })]);
    } catch (error) {
      logger.info("side panel left out of a snapshot", {
        server: serverId,
        code: isCodedError(error) ? error.code : "INTERNAL",
      });
      return null;
    }
  };
  const [byNetwork, closed] = await Promise.all([
    inTime(fleet.connectionsByNetwork(serverId)),
    inTime(fleet.recentlyClosed(serverId)),
  ]);
  return { query: seen.query, page: seen.page, byNetwork, closed };
}
