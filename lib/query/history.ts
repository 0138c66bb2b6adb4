import type { SeriesWindow } from "../contract/console-api";
import type { MetricName } from "../contract/metrics";
import { fetchJson, queryString } from "./fetch-json";

/** Samples of a window: GET /api/history. At most 50 keys. */
export function fetchHistory(
  keys: readonly string[],
  metrics: readonly MetricName[],
  fromMs: number,
  toMs: number,
): Promise<SeriesWindow> {
  return fetchJson(`/api/history${queryString({ keys, metrics, fromMs, toMs })}`);
}
