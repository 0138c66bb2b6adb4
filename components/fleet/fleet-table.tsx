"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Head, MessageRow, Table } from "@/components/ui/table";
import type { ServerSummary } from "@/lib/contract/console-api";
import { useStale } from "@/lib/live/live-context";
import type { FleetGroup } from "./fleet-order";
import { GroupHeader } from "./group-header";
import { mediumOnly, ServerRow, wideOnly } from "./server-row";
import { useFleetView } from "./use-fleet-view";
import { useRoom } from "./use-room";

/** Status, server, connections, p99, memory, last sample; then what wider pages have room for. */
const columns = { narrow: 6, medium: 11, wide: 12 } as const;
const rowHeight = 36;
const groupHeight = 30;
const mostPlainRows = 200;
const gibibyte = 1024 ** 3;

type Line = { kind: "group"; group: FleetGroup } | { kind: "server"; server: ServerSummary };

export interface FleetTableProps {
  groups: readonly FleetGroup[];
  /** Of the fleet, before any filter. */
  total: number;
  hands: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
  };
  /** False where the servers can't be opened, as on a public page. */
  linked: boolean;
}

export function FleetTable({ groups, total, hands, linked }: FleetTableProps) {
  const t = useTranslations("fleet.table");
  const { view, setView } = useFleetView();
  const stale = useStale();
  const columnCount = columns[useRoom()];
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLTableElement>(null);
  const lines = useMemo(() => linesOf(groups, closed), [groups, closed]);
  const servers = useMemo(() => groups.flatMap((group) => group.servers), [groups]);
  const large = servers.some((server) => (server.latest.rss_bytes ?? 0) >= gibibyte);
  const memoryUnit = large ? gibibyte : 1024 ** 2;
  const { from, to, before, after } = useShownLines(lines, table);
  const sorted = (sort: typeof view.sort) =>
    ({
      sorted: view.sort !== sort ? "none" : sort === "name" || sort === "uptime" ? "ascending" : "descending",
      onSort: () => void setView({ sort: view.sort === sort ? null : sort }),
    }) as const;

  function toggle(region: string): void {
    setClosed((now) => {
      const next = new Set(now);
      if (!next.delete(region)) next.add(region);
      return next;
    });
  }

  return (
    <Table ref={table} className="max-md:hidden">
      <caption className="sr-only">{t("caption")}</caption>
      <thead>
        <tr>
          <Head className="w-[116px] pl-5">{t("status")}</Head>
          <Head {...sorted("name")}>{t("server")}</Head>
          <Head numeric className="w-[96px]" {...sorted("connections")}>
            {t("connections")}
          </Head>
          <Head className="w-[108px] max-lg:hidden">
            <span className="sr-only">%</span>
          </Head>
          <Head className={`w-20 ${wideOnly}`}>
            <span className="sr-only">{t("trend")}</span>
          </Head>
          <Head numeric className="w-20" {...sorted("p99")}>
            {t("p99")}
          </Head>
          <Head numeric className="w-20" {...sorted("memory")}>
            {t("memory", { unit: large ? "GiB" : "MiB" })}
          </Head>
          <Head numeric className={`w-20 ${mediumOnly}`} {...sorted("cpu")}>
            {t("cpu")}
          </Head>
          <Head numeric className={`w-[68px] ${mediumOnly}`} {...sorted("queue")}>
            {t("queue")}
          </Head>
          <Head numeric className={`w-[72px] ${mediumOnly}`} {...sorted("subscriptions")}>
            {t("subscriptions")}
          </Head>
          <Head numeric className="w-[96px] max-lg:w-[116px] max-lg:pr-5">
            {t("lastSample")}
          </Head>
          <Head numeric className={`w-[108px] pr-5 ${mediumOnly}`} {...sorted("uptime")}>
            {t("uptime")}
          </Head>
        </tr>
      </thead>
      <tbody {...hands}>
        {before > 0 && <Spacer height={before} columns={columnCount} />}
        {lines
          .slice(from, to)
          .map((line) =>
            line.kind === "group" ? (
              <GroupHeader
                key={`group ${line.group.region}`}
                region={line.group.region ?? ""}
                servers={line.group.servers}
                columns={columnCount}
                open={!closed.has(line.group.region ?? "")}
                onToggle={() => toggle(line.group.region ?? "")}
              />
            ) : (
              <ServerRow
                key={line.server.id}
                server={line.server}
                memoryUnit={memoryUnit}
                memoryDigits={large ? 2 : 1}
                linked={linked}
                stale={stale}
              />
            ),
          )}
        {after > 0 && <Spacer height={after} columns={columnCount} />}
        {total === 0 && <MessageRow columns={columnCount}>{t("empty")}</MessageRow>}
        {total > 0 && servers.length === 0 && <NoMatch columns={columnCount} />}
      </tbody>
    </Table>
  );
}

function NoMatch({ columns: span }: { columns: number }) {
  const t = useTranslations("fleet");
  const { clear } = useFleetView();
  return (
    <MessageRow columns={span}>
      <span className="flex items-center gap-3">
        {t("table.noMatch")}
        <Button size="small" onClick={clear}>
          {t("toolbar.clear")}
        </Button>
      </span>
    </MessageRow>
  );
}

function Spacer({ height, columns: span }: { height: number; columns: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

function linesOf(groups: readonly FleetGroup[], closed: ReadonlySet<string>): Line[] {
  return groups.flatMap((group): Line[] => {
    const rows = group.servers.map((server): Line => ({ kind: "server", server }));
    if (group.region === null) return rows;
    const head: Line = { kind: "group", group };
    return closed.has(group.region) ? [head] : [head, ...rows];
  });
}

/** All lines up to two hundred; above that the ones on screen. */
function useShownLines(lines: readonly Line[], table: RefObject<HTMLTableElement | null>) {
  const many = lines.length > mostPlainRows;
  const [margin, setMargin] = useState(0);
  useEffect(() => {
    if (many && table.current) setMargin(table.current.offsetTop + groupHeight);
  }, [many, table]);
  const virtual = useVirtualizer({
    count: many ? lines.length : 0,
    getScrollElement: () => document.getElementById("content"),
    estimateSize: (index) => (lines[index]?.kind === "group" ? groupHeight : rowHeight),
    overscan: 12,
    scrollMargin: margin,
  });
  if (!many) return { from: 0, to: lines.length, before: 0, after: 0 };
  const shown = virtual.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  if (!first || !last) return { from: 0, to: 40, before: 0, after: (lines.length - 40) * rowHeight };
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start - margin,
    after: virtual.getTotalSize() - (last.end - margin),
  };
}
