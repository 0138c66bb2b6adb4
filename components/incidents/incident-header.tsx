"use client";

import { ChevronDown, Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ShellCaller } from "@/components/shell/caller";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, MenuChoices } from "@/components/ui/menu";
import { useFormat } from "@/components/ui/use-format";
import type { Incident, IncidentStatus } from "@/lib/contract/console-api";
import { IncidentStatusMark, SeverityBadge, severities } from "./incident-marks";
import { RenameIncident } from "./rename-incident";
import { useChangeIncident } from "./use-change-incident";

const statuses: readonly IncidentStatus[] = ["open", "monitoring"];

/** Title, severity, status, key times and lead; each a control for those who may change it. */
export function IncidentHeader(props: { incident: Incident; caller: ShellCaller | null; aside?: ReactNode }) {
  const t = useTranslations("incidents.page");
  const { incident, caller } = props;
  const [renaming, setRenaming] = useState(false);
  const mayChange = caller !== null && caller.role !== "viewer";
  return (
    <header className="border-b px-5 pt-3 pb-3.5">
      {caller && (
        <nav className="mb-1 flex items-center gap-2 text-label text-text-2">
          <Link href="/incidents" className="hover:text-text-1">
            {t("crumb")}
          </Link>
          <span aria-hidden>/</span>
          <span className="text-text-1">{incident.id}</span>
        </nav>
      )}
      {renaming ? (
        <RenameIncident incident={incident} onDone={() => setRenaming(false)} />
      ) : (
        <div className="flex items-start gap-2">
          <h1 className="min-w-0 break-words text-title font-semibold tracking-[-0.018em]">
            {incident.title}
          </h1>
          {mayChange && (
            <IconButton label={t("rename")} size="small" onClick={() => setRenaming(true)}>
              <Pencil size={14} aria-hidden />
            </IconButton>
          )}
        </div>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1.5">
        {mayChange ? <SeverityMenu incident={incident} /> : <Severity incident={incident} />}
        {mayChange ? <StatusMenu incident={incident} /> : <IncidentStatusMark status={incident.status} />}
        <KeyTimes incident={incident} />
        <Lead incident={incident} caller={mayChange ? caller : null} />
        {props.aside && <div className="ml-auto text-label text-text-2">{props.aside}</div>}
      </div>
    </header>
  );
}

function Severity({ incident }: { incident: Incident }) {
  return <SeverityBadge severity={incident.severity} over={incident.status === "resolved"} />;
}

const menuButton = "-mx-1 inline-flex min-h-6 items-center gap-1 rounded-badge px-1 hover:bg-surface-2";

function SeverityMenu({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const common = useTranslations("common.severity");
  const { change } = useChangeIncident(incident);
  return (
    <Menu
      align="start"
      width={140}
      trigger={
        <button
          type="button"
          className={menuButton}
          aria-label={`${t("severity")}: ${common(incident.severity)}`}
        >
          <Severity incident={incident} />
          <ChevronDown size={13} className="text-text-3" aria-hidden />
        </button>
      }
    >
      <MenuChoices
        value={incident.severity}
        onChange={(severity) => change({ severity })}
        choices={severities.map((value) => ({ value, label: common(value) }))}
      />
    </Menu>
  );
}

/** Resolving has its own button, because it asks for the cause. */
function StatusMenu({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const common = useTranslations("common.incidentStatus");
  const { change } = useChangeIncident(incident);
  return (
    <Menu
      align="start"
      width={150}
      trigger={
        <button
          type="button"
          className={menuButton}
          aria-label={`${t("status")}: ${common(incident.status)}`}
        >
          <IncidentStatusMark status={incident.status} />
          <ChevronDown size={13} className="text-text-3" aria-hidden />
        </button>
      }
    >
      <MenuChoices
        value={incident.status}
        onChange={(status) => change({ status })}
        choices={statuses.map((value) => ({ value, label: common(value) }))}
      />
    </Menu>
  );
}

function KeyTimes({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const format = useFormat();
  const day = (atMs: number) => Math.floor(atMs / 86_400_000);
  // The day is told once; a time of another day tells its own.
  const time = (atMs: number) =>
    day(atMs) === day(incident.startedAtMs) ? format.clock(atMs, { seconds: false }) : format.dateTime(atMs);
  const times = [
    { label: t("started"), atMs: incident.startedAtMs, text: format.dateTime(incident.startedAtMs) },
    { label: t("detected"), atMs: incident.detectedAtMs, text: time(incident.detectedAtMs) },
    ...(incident.mitigatedAtMs === null
      ? []
      : [{ label: t("mitigated"), atMs: incident.mitigatedAtMs, text: time(incident.mitigatedAtMs) }]),
    ...(incident.resolvedAtMs === null
      ? []
      : [{ label: t("resolved"), atMs: incident.resolvedAtMs, text: time(incident.resolvedAtMs) }]),
  ];
  return times.map(({ label, atMs, text }) => (
    <span key={label} className="whitespace-nowrap text-text-2">
      {label}{" "}
      <time
        dateTime={new Date(atMs).toISOString()}
        title={`${format.dateTime(atMs, { seconds: true })} UTC`}
        className="text-text-1"
      >
        {text}
      </time>
    </span>
  ));
}

function Lead({ incident, caller }: { incident: Incident; caller: ShellCaller | null }) {
  const t = useTranslations("incidents.page");
  const { change, saving } = useChangeIncident(incident);
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap text-text-2">
      <span>
        {t("lead")} <span className="text-text-1">{incident.lead}</span>
      </span>
      {caller && caller.name !== incident.lead && (
        <Button size="small" disabled={saving} onClick={() => change({ lead: caller.name })}>
          {t("takeLead")}
        </Button>
      )}
    </span>
  );
}
