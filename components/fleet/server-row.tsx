"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type MouseEvent, memo } from "react";
import { Tag } from "@/components/ui/badge";
import { classNames } from "@/components/ui/class-names";
import { CapacityBar } from "@/components/ui/stat";
import { ServerStatus } from "@/components/ui/status";
import { Cell } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import { useReasonWords } from "@/components/ui/use-reason-words";
import type { ServerSummary } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { connectionsShare } from "@/lib/health";
import { labelsOf } from "./fleet-filter";
import { isSilent, LatencyTrend, SampleAge, toneOf } from "./server-cells";

export const serverHref = (serverId: string) => `/servers/${encodeURIComponent(serverId)}`;

/** Cells that only wide pages have room for. */
export const wideOnly = "max-xl:hidden";
export const mediumOnly = "max-lg:hidden";

export interface ServerRowProps {
  server: ServerSummary;
  /** The memory column's unit in bytes, and how many decimals it has. */
  memoryUnit: number;
  memoryDigits: number;
  linked: boolean;
  /** The console itself has been silent: no value is new, whatever the state said last. */
  stale: boolean;
}

/** One server: state, name and newest values. It is drawn again only when something in it changed. */
export const ServerRow = memo(function ServerRow({
  server,
  memoryUnit,
  memoryDigits,
  linked,
  stale,
}: ServerRowProps) {
  const format = useFormat();
  const router = useRouter();
  const words = useReasonWords();
  const { latest } = server;
  const silent = stale || isSilent(server);
  const capacity = connectionsShare(latest);
  const connectionsTone = stale ? null : toneOf(server, "active_connections");

  const figure = (metric: MetricName, room = "") => ({
    numeric: true,
    "data-metric": metric,
    "data-server": server.id,
    breach: stale ? null : toneOf(server, metric),
    className: classNames(room, silent && "text-text-3"),
  });

  function onClick(event: MouseEvent): void {
    if (!linked || (event.target instanceof Element && event.target.closest("a, button"))) return;
    if (window.getSelection()?.toString()) return;
    router.push(serverHref(server.id));
  }

  return (
    <tr
      onClick={onClick}
      data-server-row={server.id}
      className={`h-9 hover:bg-surface-2 focus-within:bg-surface-2 focus-within:[&>:first-child]:shadow-[inset_2px_0_0_var(--accent)] ${linked ? "cursor-pointer" : ""}`}
    >
      <Cell className="pl-5" title={words(server.reason) || undefined}>
        <ServerStatus state={stale && !isSilent(server) ? "no_data" : server.state} />
      </Cell>
      <th scope="row" className="border-b px-2 text-left font-normal">
        <span className="words flex items-center gap-2 overflow-hidden whitespace-nowrap">
          {linked ? (
            <Link
              href={serverHref(server.id)}
              prefetch={false}
              data-row-link
              className="shrink-0 rounded-badge font-medium"
            >
              {server.name}
            </Link>
          ) : (
            <span className="shrink-0 font-medium">{server.name}</span>
          )}
          {labelsOf(server).map((label) => (
            <Tag key={label} title={label} className="shrink-0 max-xl:hidden">
              {label}
            </Tag>
          ))}
          {server.reason && (
            <span className="truncate text-label text-text-2" title={words(server.reason)}>
              {words(server.reason)}
            </span>
          )}
        </span>
      </th>
      <Cell {...figure("active_connections")}>{format.number(latest.active_connections)}</Cell>
      <Cell className="max-lg:hidden">
        <span className="flex items-center gap-2">
          <CapacityBar ratio={capacity} tone={connectionsTone} width={56} />
          <span className="text-label text-text-3">{format.percent(capacity)}</span>
        </span>
      </Cell>
      <Cell className={wideOnly}>
        <LatencyTrend server={server} stale={stale} />
      </Cell>
      <Cell {...figure("push_latency_p99_ms")}>{format.msText(latest.push_latency_p99_ms)}</Cell>
      <Cell {...figure("rss_bytes")} title={format.exactBytes(latest.rss_bytes)}>
        {latest.rss_bytes == null
          ? format.missing
          : format.number(latest.rss_bytes / memoryUnit, memoryDigits)}
      </Cell>
      <Cell {...figure("cpu_cores", mediumOnly)}>{format.number(latest.cpu_cores, 2)}</Cell>
      <Cell {...figure("queue_messages", mediumOnly)}>{format.number(latest.queue_messages)}</Cell>
      <Cell {...figure("active_subscriptions", mediumOnly)}>
        {format.number(latest.active_subscriptions)}
      </Cell>
      <Cell numeric className="text-text-2 max-lg:pr-5">
        <SampleAge server={server} />
      </Cell>
      <Cell
        numeric
        className={`${mediumOnly} pr-5 text-text-2`}
        data-metric="uptime_seconds"
        data-server={server.id}
        title={latest.uptime_seconds == null ? undefined : format.duration(latest.uptime_seconds * 1_000)}
      >
        {format.uptime(latest.uptime_seconds)}
      </Cell>
    </tr>
  );
});
