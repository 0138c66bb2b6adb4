"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/ui/use-format";
import type { Incident } from "@/lib/contract/console-api";
import { IncidentView } from "./incident-view";
import type { TimelineFilter } from "./timeline-kinds";

/** An incident behind a public link: nothing to change, nothing that asks for a session. */
export function PublicIncident({ incident, atMs }: { incident: Incident; atMs: number }) {
  const t = useTranslations("incidents.page");
  const format = useFormat();
  const [filter, setFilter] = useState<TimelineFilter>("all");
  return (
    <IncidentView
      incident={incident}
      caller={null}
      filter={filter}
      onFilter={setFilter}
      headerAside={t("stateWhenShared", { time: format.clock(atMs) })}
    />
  );
}
