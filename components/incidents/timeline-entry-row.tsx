"use client";

import { Camera, EyeOff, MessageSquare, Pencil, Siren, UserRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { EventMark } from "@/components/charts/event-lane";
import { actionStatusKind } from "@/components/charts/use-chart-markers";
import { buttonClass } from "@/components/ui/button-class";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { IncidentStatus, Severity, SnapshotSummary, TimelineEntry } from "@/lib/contract/console-api";
import { incidentStatusKind, severityKind } from "./incident-marks";
import { useServerName } from "./server-names";
import { useActionResult } from "./use-action-result";
import { useEntryTitle } from "./use-entry-title";

/** One event of an incident. Links to what asks for a session stay out of a public view. */
export function TimelineEntryRow(props: {
  entry: TimelineEntry;
  /** Of the incident, to tell what was added. */
  snapshots: readonly SnapshotSummary[];
  readOnly: boolean;
  last: boolean;
}) {
  const t = useTranslations("incidents.timeline");
  const format = useFormat();
  const titleOf = useEntryTitle();
  const { entry } = props;
  return (
    <li data-kind={entry.kind} className="flex gap-x-3 sm:gap-x-4">
      <time
        dateTime={new Date(entry.atMs).toISOString()}
        title={`${format.dateTime(entry.atMs, { seconds: true })} UTC`}
        className="hidden w-[62px] shrink-0 text-text-2 sm:block"
      >
        {format.clock(entry.atMs)}
      </time>
      <div className="flex w-5 shrink-0 flex-col items-center">
        <span className="flex h-[18px] items-center text-text-2">
          <EntryIcon entry={entry} />
        </span>
        {!props.last && <span className="my-1 w-px flex-1 bg-line-2" aria-hidden />}
      </div>
      <div className="min-w-0 flex-1 pb-3.5">
        <p className="text-label text-text-2 sm:hidden">
          <time className="figures">{format.clock(entry.atMs)}</time> · {entry.by}
        </p>
        <p>
          <span className="font-semibold">{titleOf(entry)}</span>
          <span className="text-text-2 max-sm:hidden"> · {entry.by}</span>
        </p>
        <EntryText entry={entry} snapshots={props.snapshots} />
        {entry.hidden && (
          <p className="flex items-center gap-2 text-text-2">
            <EyeOff size={14} aria-hidden />
            {t("hidden")}
          </p>
        )}
      </div>
      {entry.snapshotId && !props.readOnly && (
        <Link href={`/snapshots/${entry.snapshotId}`} className={buttonClass("neutral", "small")}>
          {t("openSnapshot")}
        </Link>
      )}
    </li>
  );
}

function EntryText({ entry, snapshots }: { entry: TimelineEntry; snapshots: readonly SnapshotSummary[] }) {
  const t = useTranslations("incidents.timeline");
  const common = useTranslations("common");
  const pages = useTranslations("share.snapshot.page");
  const format = useFormat();
  const nameOf = useServerName();
  const resultOf = useActionResult();
  const from = String(entry.params.from ?? "");
  const lines: ReactNode[] = [];
  if (entry.text) lines.push(entry.text);
  if (entry.kind === "declared" && entry.params.severity && entry.params.status) {
    const severity = common(`severity.${entry.params.severity as Severity}`);
    const status = common(`incidentStatus.${entry.params.status as IncidentStatus}`);
    lines.push(t("declaredText", { severity, status }));
  }
  const snapshot = snapshots.find(({ id }) => id === entry.snapshotId);
  if (snapshot) {
    const page = pages(snapshot.page, { server: nameOf(snapshot.serverId ?? "") });
    const [from, to] = [format.clock(snapshot.fromMs), format.clock(snapshot.toMs)];
    lines.push(t("snapshotText", { page, from, to }));
  }
  if (entry.action) {
    const [result, ...changes] = resultOf(entry.action);
    lines.push(result);
    if (changes.length > 0) lines.push(changes.join(" · "));
    if (entry.action.reason) lines.push(t("reason", { reason: entry.action.reason }));
  }
  if (entry.kind === "status") {
    lines.push(t("was", { from: common(`incidentStatus.${from as IncidentStatus}`) }));
  }
  if (entry.kind === "severity") lines.push(t("was", { from: common(`severity.${from as Severity}`) }));
  if (entry.kind === "lead") lines.push(t("was", { from }));
  if (entry.kind === "title") lines.push(t("renamed", { from, to: String(entry.params.to ?? "") }));
  return lines.map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one entry never change places
    <p key={i} className="whitespace-pre-line break-words text-text-2">
      {line}
    </p>
  ));
}

/** The mark at the left of an event: the action's number, a status shape, or what kind of event it was. */
export function EntryIcon({ entry }: { entry: TimelineEntry }) {
  const titleOf = useEntryTitle();
  const to = String(entry.params.to ?? "");
  switch (entry.kind) {
    case "action":
      return entry.action ? (
        <EventMark
          marker={{
            label: String(entry.action.number),
            kind: actionStatusKind[entry.action.state],
            title: titleOf(entry),
          }}
        />
      ) : null;
    case "status":
      return <StatusShape kind={incidentStatusKind[to as IncidentStatus] ?? "unknown"} />;
    case "severity":
      return <StatusShape kind={severityKind[to as Severity] ?? "unknown"} />;
    case "note":
      return <MessageSquare size={15} aria-hidden />;
    case "snapshot":
      return <Camera size={15} aria-hidden />;
    case "declared":
      return <Siren size={15} aria-hidden />;
    case "title":
      return <Pencil size={14} aria-hidden />;
    case "lead":
      return <UserRound size={15} aria-hidden />;
  }
}
