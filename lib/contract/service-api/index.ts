/**
 * What a member of the fleet serves over HTTP: the data service builds its answers from these schemas and
 * the console parses with them. Wire conventions: snake_case, durations in seconds, latencies in
 * milliseconds (`*_ms`), sizes in bytes (`*_bytes`), instants in epoch milliseconds (`*_at_ms`), counters
 * that only grow end in `_total` and restart with `server.started_at_ms`.
 */
export * from "./cache";
export * from "./cleanup";
export * from "./common";
export * from "./config";
export * from "./connections";
export * from "./data-sources";
export * from "./drain";
export * from "./health";
export * from "./heap-snapshots";
export * from "./host";
export * from "./jobs";
export * from "./logs";
export * from "./process";
export * from "./prometheus";
export * from "./stats";
export * from "./subscriptions";
