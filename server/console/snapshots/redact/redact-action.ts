import type { Action, CleanupMatch, Marker } from "../../../../lib/contract/console-api";
import type { CleanupResult, Connection, ReloadResult } from "../../../../lib/contract/service-api";
import type { Scrubber } from "./scrubber";

/**
 * Whatever the switches say, a public view tells of a reload which keys changed and never their values, and
 * of a failure its code and never the details, which may hold addresses.
 */
export function redactAction(action: Action, scrub: Scrubber): Action {
  const { clientIps, notes } = scrub.redaction;
  return {
    ...action,
    serverId: scrub.server(action.serverId),
    by: scrub.user(action.by),
    reason: notes ? "" : scrub.text(action.reason),
    match: action.match && redactMatch(action.match, clientIps),
    cleanup: action.cleanup && redactCleanup(action.cleanup, scrub),
    reload: action.reload && redactReload(action.reload, scrub),
    error: action.error && { code: action.error.code, details: {} },
  };
}

export function redactMarker(marker: Marker, scrub: Scrubber): Marker {
  return { ...marker, serverId: scrub.server(marker.serverId), by: scrub.user(marker.by) };
}

/** The user agent and the id stay: neither names a person, and both are what a frozen table is read for. */
export function redactConnection(connection: Connection, scrub: Scrubber): Connection {
  return {
    ...connection,
    remote_ip: scrub.address(connection.remote_ip),
    // With the time it would find the client behind a shared address.
    remote_port: scrub.redaction.clientIps ? 0 : connection.remote_port,
    user_agent: scrub.text(connection.user_agent),
  };
}

function redactMatch(match: CleanupMatch, clientIps: boolean): CleanupMatch {
  const { ip, ...rest } = match;
  return clientIps || ip === undefined ? rest : { ...rest, ip };
}

function redactCleanup(cleanup: CleanupResult, scrub: Scrubber): CleanupResult {
  const byAddress = new Map<string, number>();
  for (const row of cleanup.by_ip) {
    const address = scrub.address(row.remote_ip);
    byAddress.set(address, (byAddress.get(address) ?? 0) + row.connections);
  }
  return {
    ...cleanup,
    sample: cleanup.sample.map((connection) => redactConnection(connection, scrub)),
    by_ip: [...byAddress].map(([remote_ip, connections]) => ({ remote_ip, connections })),
  };
}

function redactReload(reload: ReloadResult, scrub: Scrubber): ReloadResult {
  return {
    ...reload,
    file: null,
    changes: reload.changes.map((change) => ({ ...change, before: null, after: null })),
    mistakes: reload.mistakes.map((mistake) => ({
      ...mistake,
      file: null,
      expected: scrub.text(mistake.expected),
      message: "",
    })),
  };
}
