"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { memo } from "react";
import { CapacityBar } from "@/components/ui/stat";
import { ServerStatus } from "@/components/ui/status";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import { connectionsShare } from "@/lib/health";
import { useStale } from "@/lib/live/live-context";
import type { FleetGroup } from "./fleet-order";
import { isSilent, LatencyTrend, toneOf } from "./server-cells";
import { serverHref } from "./server-row";
import { useFleetView } from "./use-fleet-view";

/** The servers of a phone: rows of two lines in one list, without groups. */
export function FleetList({ groups, linked }: { groups: readonly FleetGroup[]; linked: boolean }) {
  const t = useTranslations("fleet");
  const { clear } = useFleetView();
  const stale = useStale();
  const servers = groups.flatMap((group) => group.servers);
  if (servers.length === 0) {
    return (
      <p className="border-t px-4 py-4 text-text-2 md:hidden">
        {t("table.noMatch")}{" "}
        <button type="button" onClick={clear} className="font-medium text-accent">
          {t("toolbar.clear")}
        </button>
      </p>
    );
  }
  return (
    <ul aria-label={t("table.caption")} className="border-t md:hidden">
      {servers.map((server) => (
        <ServerLine key={server.id} server={server} linked={linked} stale={stale} />
      ))}
    </ul>
  );
}

const line = "flex h-16 items-center gap-3 px-4";

const ServerLine = memo(function ServerLine(props: {
  server: ServerSummary;
  linked: boolean;
  /** The console itself has been silent. */
  stale: boolean;
}) {
  const { server, linked, stale } = props;
  const format = useFormat();
  const { latest } = server;
  const silent = stale || isSilent(server);
  const capacity = connectionsShare(latest);
  const tone = stale ? null : toneOf(server, "push_latency_p99_ms");
  const content = (
    <>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="words truncate font-semibold">{server.name}</span>
          <ServerStatus
            state={stale && !isSilent(server) ? "no_data" : server.state}
            className="text-label"
          />
        </span>
        <span className="figures mt-1 flex items-center gap-2 text-label text-text-2">
          <CapacityBar
            ratio={capacity}
            tone={stale ? null : toneOf(server, "active_connections")}
            width={52}
          />
          <span data-metric="active_connections" data-server={server.id}>
            {format.number(latest.active_connections)}
          </span>
          <span className="text-text-3">{format.percent(capacity)}</span>
        </span>
      </span>
      <LatencyTrend server={server} stale={stale} width={62} />
      <span
        data-metric="push_latency_p99_ms"
        data-server={server.id}
        className={`figures w-16 text-right ${silent ? "text-text-3" : ""} ${tone === "crit" ? "font-semibold text-crit" : tone === "warn" ? "font-semibold text-warn" : ""}`}
      >
        {format.msText(latest.push_latency_p99_ms)}
      </span>
      {linked && <ChevronRight size={16} className="text-text-3" aria-hidden />}
    </>
  );
  return (
    <li className="border-b">
      {linked ? (
        <Link href={serverHref(server.id)} prefetch={false} className={`${line} outline-offset-[-2px]`}>
          {content}
        </Link>
      ) : (
        <div className={line}>{content}</div>
      )}
    </li>
  );
});
