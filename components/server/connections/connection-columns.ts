import type { ConnectionSort } from "./connection-filter";

export interface ConnectionColumn {
  /** Its words: `connections.columns.*`. */
  name:
    | "id"
    | "ip"
    | "userAgent"
    | "connected"
    | "idle"
    | "subscriptions"
    | "buffered"
    | "in"
    | "out"
    | "rtt"
    | "state";
  sort: ConnectionSort;
  /** Pixels; the one without takes the rest. */
  width?: number;
  numeric?: boolean;
  /** What is shown grows as what is sorted by shrinks. */
  inverse?: boolean;
}

export const connectionColumns: readonly ConnectionColumn[] = [
  { name: "id", sort: "id", width: 156 },
  { name: "ip", sort: "remote_ip", width: 116 },
  { name: "userAgent", sort: "user_agent" },
  { name: "connected", sort: "connected_at_ms", width: 100, numeric: true, inverse: true },
  { name: "idle", sort: "idle_time", width: 70, numeric: true },
  { name: "subscriptions", sort: "subscriptions", width: 54, numeric: true },
  { name: "buffered", sort: "buffered_bytes", width: 106, numeric: true },
  { name: "in", sort: "messages_in_total", width: 64, numeric: true },
  { name: "out", sort: "messages_out_total", width: 80, numeric: true },
  { name: "rtt", sort: "rtt_ms", width: 66, numeric: true },
  { name: "state", sort: "state", width: 104 },
];
