"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Cell, Row } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { columnClass } from "./incident-columns";
import { IncidentStatusMark, SeverityBadge } from "./incident-marks";
import { incidentTimes } from "./incident-times";
import { useServersText } from "./use-servers-text";

export function IncidentRow(props: { incident: IncidentSummary; selected: boolean; onSelect: () => void }) {
  const common = useTranslations("common");
  const format = useFormat();
  const serversText = useServersText();
  const { incident } = props;
  const times = incidentTimes(incident);
  return (
    <Row
      className="h-[52px] max-xl:bg-transparent max-xl:[&>:first-child]:shadow-none"
      selected={props.selected}
      onClick={props.onSelect}
      data-incident={incident.id}
    >
      <Cell className={columnClass.state}>
        <IncidentStatusMark status={incident.status} />
      </Cell>
      <Cell className={columnClass.severity}>
        <SeverityBadge severity={incident.severity} over={incident.status === "resolved"} />
      </Cell>
      <Cell className="py-1.5">
        <Link
          href={`/incidents/${incident.id}`}
          title={incident.title}
          // selecting the row as well would write to the address, which calls this navigation off
          onClick={(event) => event.stopPropagation()}
          className="block truncate font-semibold hover:underline"
        >
          {incident.title}
        </Link>
        <span className="words block truncate text-label text-text-2">
          <span className="sm:hidden">{common(`severity.${incident.severity}`)} · </span>
          {incident.id} · {serversText(incident.serverIds)}
          <span className="min-[1400px]:hidden"> · {incident.lead}</span>
        </span>
      </Cell>
      <Cell
        className={`text-text-2 ${columnClass.started}`}
        title={`${format.dateTime(incident.startedAtMs, { seconds: true })} UTC`}
      >
        {format.dateTime(incident.startedAtMs)}
      </Cell>
      <Cell numeric breach={times.detectBreach} className={columnClass.detect}>
        {format.duration(times.detectMs)}
      </Cell>
      <Cell numeric breach={times.mitigateBreach} className={columnClass.mitigate}>
        {times.mitigateMs === null ? common("none") : format.duration(times.mitigateMs)}
      </Cell>
      <Cell className={`words text-text-2 ${columnClass.lead}`} title={incident.lead}>
        {incident.lead}
      </Cell>
    </Row>
  );
}
