"use client";

import { useTranslations } from "next-intl";
import { Stat } from "@/components/ui/stat";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { IncidentList } from "@/lib/contract/console-api";
import { useOpenIncidents } from "@/lib/live/live-context";
import { incidentStatusKind } from "./incident-marks";

/** How many are active now, and how fast the matched ones of the last 30 days were found and mitigated. */
export function IncidentStrip({ list }: { list: IncidentList | null }) {
  const t = useTranslations("incidents.strip");
  const format = useFormat();
  const active = useOpenIncidents();
  const median = (ms: number | null | undefined) => (ms == null ? t("noMedian") : t("median"));
  return (
    <div className="grid grid-cols-2 border-b sm:grid-cols-3 md:grid-cols-4">
      <div className="max-sm:col-span-2 max-sm:border-b sm:border-r">
        <Stat
          label={t("active")}
          value={format.number(active.length)}
          context={
            active.length === 0
              ? t("noneActive")
              : (["open", "monitoring"] as const).map((status) => {
                  const count = active.filter((incident) => incident.status === status).length;
                  return (
                    count > 0 && (
                      <span key={status} className="inline-flex items-center gap-1.5">
                        <StatusShape kind={incidentStatusKind[status]} size={9} />
                        {t(status, { count: format.number(count) })}
                      </span>
                    )
                  );
                })
          }
        />
      </div>
      <Stat
        label={t("detect")}
        value={format.duration(list?.medianDetectMs)}
        context={median(list?.medianDetectMs)}
      />
      <Stat
        label={t("mitigate")}
        value={format.duration(list?.medianMitigateMs)}
        context={median(list?.medianMitigateMs)}
      />
    </div>
  );
}
