"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { SegmentedChoice } from "@/components/ui/segmented-choice";
import { Select } from "@/components/ui/select";
import type { SnapshotSummary, TimelineEntry } from "@/lib/contract/console-api";
import { TimelineEntryRow } from "./timeline-entry-row";
import { entriesOf, type TimelineFilter, timelineCounts } from "./timeline-kinds";

/** What happened, newest first. */
export function Timeline(props: {
  timeline: readonly TimelineEntry[];
  snapshots: readonly SnapshotSummary[];
  filter: TimelineFilter;
  onFilter: (filter: TimelineFilter) => void;
  readOnly: boolean;
  /** At the header's right: the button that adds a note. */
  aside?: ReactNode;
}) {
  const t = useTranslations("incidents.timeline");
  const counts = timelineCounts(props.timeline);
  const entries = entriesOf(props.timeline, props.filter);
  const choices = counts.map(({ filter, count }) => ({
    value: filter,
    label: t("kindCount", { kind: t(`kind.${filter}`), count }),
  }));
  return (
    <section className="px-5 pt-3 pb-6" aria-labelledby="timeline">
      <header className="mb-3 flex min-h-8 flex-wrap items-center gap-3">
        <h2 id="timeline" className="text-lead font-semibold">
          {t("title")}
        </h2>
        <div className="ml-auto flex items-center gap-3">
          <div className="max-md:hidden">
            <SegmentedChoice
              label={t("filter")}
              value={props.filter}
              onChange={props.onFilter}
              choices={choices}
            />
          </div>
          <div className="md:hidden">
            <Select
              bare
              align="end"
              label={t("filter")}
              value={props.filter}
              onChange={props.onFilter}
              choices={choices}
            />
          </div>
          {props.aside}
        </div>
      </header>
      {entries.length === 0 ? (
        <p className="text-text-2">{t("empty")}</p>
      ) : (
        <ol>
          {entries.map((entry, i) => (
            <TimelineEntryRow
              key={entry.id}
              entry={entry}
              snapshots={props.snapshots}
              readOnly={props.readOnly}
              last={i === entries.length - 1}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
