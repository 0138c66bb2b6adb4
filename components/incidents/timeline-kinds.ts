import type { TimelineEntry } from "@/lib/contract/console-api";

/** What the timeline can be narrowed to. */
export const timelineFilters = ["all", "actions", "notes", "snapshots", "changes"] as const;
export type TimelineFilter = (typeof timelineFilters)[number];

const filterOf: Record<TimelineEntry["kind"], Exclude<TimelineFilter, "all">> = {
  action: "actions",
  note: "notes",
  snapshot: "snapshots",
  declared: "changes",
  status: "changes",
  severity: "changes",
  title: "changes",
  lead: "changes",
};

export function entriesOf(timeline: readonly TimelineEntry[], filter: TimelineFilter): TimelineEntry[] {
  return timeline.filter((entry) => filter === "all" || filterOf[entry.kind] === filter);
}

/** The filters that would show something, each with how much; "all" always. */
export function timelineCounts(
  timeline: readonly TimelineEntry[],
): { filter: TimelineFilter; count: number }[] {
  return timelineFilters
    .map((filter) => ({ filter, count: entriesOf(timeline, filter).length }))
    .filter(({ filter, count }) => filter === "all" || count > 0);
}
