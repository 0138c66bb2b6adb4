"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/ui/use-format";
import type { Incident, ServerSummary } from "@/lib/contract/console-api";
import { IncidentView } from "./incident-view";
import { ServerNames } from "./server-names";
import type { TimelineFilter } from "./timeline-kinds";

const none: readonly ServerSummary[] = [];

/** An incident behind a public link: nothing to change, nothing that asks for a session. */
export function PublicIncident({ incident, atMs }: { incident: Incident; atMs: number }) {
  const t = useTranslations("incidents.page");
  const format = useFormat();
  const [filter, setFilter] = useState<TimelineFilter>("all");
  return (
    <ServerNames servers={incident.snapshot?.fleet.servers ?? none}>
      <IncidentView
        incident={incident}
        caller={null}
        filter={filter}
        onFilter={setFilter}
        headerAside={t("stateWhenShared", { time: format.clock(atMs) })}
      />
    </ServerNames>
  );
}
