"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { statusKindOf, statusText } from "@/components/ui/status";
import { StatusShape } from "@/components/ui/status-shape";
import { GroupRow } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import type { ServerState, ServerSummary } from "@/lib/contract/console-api";
import { severity } from "@/lib/health";

/** A region: how many servers in which state, and the sum of their connections. */
export function GroupHeader(props: {
  region: string;
  servers: readonly ServerSummary[];
  columns: number;
  open: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations("fleet.table");
  const format = useFormat();
  const { region, servers, open } = props;
  const active = sum(servers, "active_connections");
  const max = sum(servers, "max_connections");
  return (
    <GroupRow columns={props.columns}>
      <button
        type="button"
        onClick={props.onToggle}
        aria-expanded={open}
        aria-label={t(open ? "collapse" : "expand", { region })}
        className="flex h-6 items-center gap-2 rounded-badge"
      >
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        <span className="words font-semibold">{region}</span>
      </button>
      <span className="text-label text-text-2">{t("group", { count: servers.length })}</span>
      <StateCounts servers={servers} />
      {active !== null && max !== null && (
        <span className="figures text-label text-text-2">
          {t("groupConnections", { active: format.number(active), max: format.number(max) })}
        </span>
      )}
    </GroupRow>
  );
}

function StateCounts({ servers }: { servers: readonly ServerSummary[] }) {
  const t = useTranslations("fleet.table");
  const states = useTranslations("common.state");
  const counts = new Map<ServerState, number>();
  for (const { state } of servers) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (
    <span className="flex gap-3 text-label">
      {[...counts]
        .sort(([a], [b]) => severity(b) - severity(a))
        .map(([state, count]) => (
          <span key={state} className={`flex items-center gap-1.5 ${statusText[statusKindOf(state)]}`}>
            <StatusShape
              kind={statusKindOf(state)}
              size={9}
              label={t("inState", { count, state: states(state) })}
            />
            <span aria-hidden>{count}</span>
          </span>
        ))}
    </span>
  );
}

function sum(
  servers: readonly ServerSummary[],
  metric: "active_connections" | "max_connections",
): number | null {
  const told = servers.map((server) => server.latest[metric] ?? null).filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((total, value) => total + value, 0);
}
