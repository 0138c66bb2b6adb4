/** Plain lists that the browser draws with and the schemas of connections are made of. */

export const connectionStates = ["active", "half_open", "slow", "closing"] as const;

/** Columns that GET /admin/connections sorts by. */
export const connectionSorts = [
  "id",
  "remote_ip",
  "user_agent",
  "connected_at_ms",
  "idle_time",
  "subscriptions",
  "buffered_bytes",
  "messages_in_total",
  "messages_out_total",
  "rtt_ms",
  "state",
] as const;
