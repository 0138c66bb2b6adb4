"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/ui/use-format";
import type { Incident } from "@/lib/contract/console-api";
import { useConsoleNow } from "@/lib/live/live-context";
import { linksQuery } from "@/lib/query/snapshots";

export function PanelFacts({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.panel");
  const format = useFormat();
  const now = useConsoleNow(10_000);
  const { data } = useQuery({ ...linksQuery({ incidentId: incident.id }), staleTime: 10_000 });
  const live = data?.links.filter((link) => link.revokedAtMs === null && link.expiresAtMs > now) ?? [];
  const opened = live.reduce((newest, link) => Math.max(newest, link.lastOpenedAtMs ?? 0), 0);
  const shared =
    live.length === 0
      ? t("sharedNone")
      : opened > 0
        ? t("sharedOpened", { count: live.length, time: format.dateTime(opened) })
        : t("sharedCount", { count: live.length });
  const time = (atMs: number) => format.clock(atMs);
  return (
    <dl className="border-b px-5 py-2">
      <Fact label={t("started")}>
        {`${format.dateTime(incident.startedAtMs, { seconds: true })}, ${time(incident.detectedAtMs)}`}
      </Fact>
      {incident.mitigatedAtMs !== null && <Fact label={t("mitigated")}>{time(incident.mitigatedAtMs)}</Fact>}
      {incident.resolvedAtMs !== null && (
        <Fact label={t("resolved")}>{format.dateTime(incident.resolvedAtMs, { seconds: true })}</Fact>
      )}
      {incident.cause !== "" && <Fact label={t("cause")}>{incident.cause}</Fact>}
      {data && <Fact label={t("shared")}>{shared}</Fact>}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b py-1.5 last:border-b-0">
      <dt className="shrink-0 text-text-2">{label}</dt>
      <dd className="figures line-clamp-2 min-w-0 break-words text-right">{children}</dd>
    </div>
  );
}
