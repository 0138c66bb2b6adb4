import type { Stats } from "../../../lib/contract/service-api";
import { type Connections, idleThresholdSeconds } from "../connections/connections";
import { zombieKind } from "../shards/zombies";

export interface Survey {
  idle: number;
  zombies: number;
  oldestMs: number;
  byState: Stats["connections"]["by_state"];
}

/** One look at every connection for the figures that no counter holds. */
export function surveyConnections(
  connections: Connections,
  heartbeatTimeoutSeconds: number,
  now: number,
): Survey {
  const byState = { active: 0, half_open: 0, slow: 0, closing: 0 };
  const survey: Survey = { idle: 0, zombies: 0, oldestMs: 0, byState };
  for (const connection of connections.values()) {
    byState[connection.state(now, heartbeatTimeoutSeconds)]++;
    if (connection.idleSeconds(now) > idleThresholdSeconds) survey.idle++;
    if (connection.open && zombieKind(connection, {}, now) !== null) survey.zombies++;
    if (connection.outbound.messages > 0) {
      survey.oldestMs = Math.max(survey.oldestMs, connection.outbound.oldestAge(now));
    }
  }
  return survey;
}
