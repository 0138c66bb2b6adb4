"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCaller } from "@/components/shell/caller";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { PanelMessage } from "@/components/ui/panel";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { LiveProvider } from "@/lib/live/live-context";
import { failureCode } from "@/lib/query/fetch-json";
import { incidentQuery } from "@/lib/query/incidents";
import { LatencyChart } from "./frozen-charts";
import { IncidentStatusMark, SeverityBadge } from "./incident-marks";
import { PanelFacts } from "./panel-facts";
import { PanelTimeline } from "./panel-timeline";

const ResolveDialog = dynamic(() => import("./resolve-dialog").then((m) => m.ResolveDialog), { ssr: false });

/** The selected incident at a glance, beside the list. */
export function IncidentPanel({ summary }: { summary: IncidentSummary }) {
  const t = useTranslations("incidents.panel");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const caller = useCaller();
  const [resolving, setResolving] = useState(false);
  const { data, error, refetch } = useQuery({ ...incidentQuery(summary.id), staleTime: 10_000 });
  const resolved = summary.status === "resolved";
  const mayChange = caller !== null && caller.role !== "viewer";
  return (
    <div className="xl:sticky xl:top-0">
      <header className="border-b px-5 pt-4 pb-3.5">
        <div className="flex items-center gap-3">
          <SeverityBadge severity={summary.severity} over={resolved} />
          <IncidentStatusMark status={summary.status} />
          <span className="ml-auto text-label text-text-2">{summary.id}</span>
        </div>
        <h2 className="mt-2 text-balance break-words text-dialog font-semibold">{summary.title}</h2>
        <div className="mt-3 flex gap-2">
          <Link href={`/incidents/${summary.id}`} className={buttonClass("primary")}>
            {t("openIncident")} <Kbd className="border-bg/40! text-bg!">Enter</Kbd>
          </Link>
          {!resolved && (
            <Button
              disabled={!mayChange || !data}
              title={mayChange ? undefined : common("needsRole", { role: common("role.operator") })}
              onClick={() => setResolving(true)}
            >
              {t("resolve")}
            </Button>
          )}
        </div>
      </header>
      {error && !data && (
        <div className="flex justify-center py-6">
          <PanelMessage
            state={{
              kind: "error",
              title: t("failed"),
              text: errors(failureCode(error)),
              onRetry: () => void refetch(),
            }}
          />
        </div>
      )}
      {data && (
        <>
          <div className="border-b pb-1">
            {data.snapshot ? (
              <LiveProvider key={data.snapshot.id} source={{ kind: "frozen", snapshot: data.snapshot }}>
                <LatencyChart serverId={data.snapshot.serverId} height={150} />
              </LiveProvider>
            ) : (
              <p className="px-5 py-3 text-text-2">{t("noSnapshot")}</p>
            )}
          </div>
          <PanelFacts incident={data} />
          <PanelTimeline incident={data} />
        </>
      )}
      {resolving && data && (
        <ResolveDialog incident={data} cause={data.cause} onClose={() => setResolving(false)} />
      )}
    </div>
  );
}
