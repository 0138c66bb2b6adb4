import type { Action, TimelineEntry } from "../../../lib/contract/console-api";
import type { EntryRow } from "./incident-store";

export function toEntry(row: EntryRow): TimelineEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    kind: row.kind,
    by: row.by_name,
    text: row.text,
    hidden: false,
    params: JSON.parse(row.params) as TimelineEntry["params"],
    action: null,
    snapshotId: row.snapshot_id,
  };
}

/** Newest first. Actions are not copied into the incident: they are read where they are kept. */
export function mergeTimeline(entries: EntryRow[], actions: Action[]): TimelineEntry[] {
  const own = entries.toSorted((a, b) => b.position - a.position).map(toEntry);
  const derived = actions.map(
    (action): TimelineEntry => ({
      id: `action-${action.id}`,
      atMs: action.startedAtMs,
      kind: "action",
      by: action.by,
      text: null,
      hidden: false,
      params: {},
      action,
      snapshotId: null,
    }),
  );
  return [...own, ...derived].sort((a, b) => b.atMs - a.atMs);
}
