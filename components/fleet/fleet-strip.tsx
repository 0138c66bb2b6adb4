"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CapacityBar, Stat } from "@/components/ui/stat";
import { statusKindOf } from "@/components/ui/status";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { ServerState, ServerSummary } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { breachOf, connectionsShare, severity, thresholdOf, worstFirst } from "@/lib/health";
import { useFleet, useScene, useSeries, useStale } from "@/lib/live/live-context";

const up: readonly ServerState[] = ["healthy", "degraded", "critical", "draining"];

/** Six figures of the whole fleet, each with one line of context. */
export function FleetStrip() {
  const t = useTranslations("fleet.strip");
  const format = useFormat();
  const { servers, aggregates } = useFleet();
  const all = aggregates.fleet ?? {};
  const stale = useStale();
  const capacity = connectionsShare(all);
  const out = format.rate(all.messages_out_per_second);
  const p99 = format.milliseconds(all.push_latency_p99_ms);
  const perConnection =
    all.active_connections && all.active_subscriptions != null
      ? all.active_subscriptions / all.active_connections
      : null;
  return (
    <section
      aria-label={t("label")}
      className="grid shrink-0 grid-cols-3 border-b lg:grid-cols-6 max-lg:[&>*:nth-child(-n+3)]:border-b max-lg:[&>*:nth-child(3n)]:border-r-0"
    >
      <Stat
        stale={stale}
        label={t("serversUp")}
        value={format.number(servers.filter((server) => up.includes(server.state)).length)}
        unit={t("ofTotal", { total: format.number(servers.length) })}
        context={<Trouble servers={servers} />}
      />
      <Stat
        stale={stale}
        label={t("connections")}
        value={format.number(all.active_connections)}
        unit={
          all.max_connections == null ? null : (
            <span className="max-xl:hidden">
              {t("ofTotal", { total: format.number(all.max_connections) })}
            </span>
          )
        }
        metric="active_connections"
        server="fleet"
        context={
          capacity !== null && (
            <>
              <CapacityBar ratio={capacity} width={64} className="max-xl:hidden" />
              <span className="figures truncate">{t("ofCapacity", { share: format.percent(capacity) })}</span>
            </>
          )
        }
      />
      <Stat
        stale={stale}
        label={t("messagesOut")}
        value={out.value}
        unit={out.unit}
        metric="messages_out_per_second"
        server="fleet"
        context={<OutChange now={all.messages_out_per_second ?? null} />}
      />
      <Stat
        stale={stale}
        label={t("p99")}
        value={p99.value}
        unit={p99.unit}
        metric="push_latency_p99_ms"
        server="fleet"
        context={<WorstLatency servers={servers} />}
      />
      <Stat
        stale={stale}
        label={t("queue")}
        value={format.number(all.queue_messages)}
        unit={all.queue_messages == null ? null : t("messagesUnit", { count: all.queue_messages })}
        metric="queue_messages"
        server="fleet"
        context={<QueueShare servers={servers} total={all.queue_messages ?? null} />}
      />
      <Stat
        stale={stale}
        label={t("subscriptions")}
        value={format.number(all.active_subscriptions)}
        metric="active_subscriptions"
        server="fleet"
        context={perConnection !== null && t("perConnection", { value: format.number(perConnection, 1) })}
      />
    </section>
  );
}

function Trouble({ servers }: { servers: readonly ServerSummary[] }) {
  const t = useTranslations("fleet.strip");
  const states = useTranslations("common.state");
  const troubled = servers.filter((server) => severity(server.state) > 0).sort(worstFirst);
  const worst = troubled[0];
  if (!worst) return servers.length > 0 ? t("allHealthy") : null;
  const state = states(worst.state).toLowerCase();
  return (
    <Shaped state={worst.state}>
      {troubled.length === 1
        ? t("worst", { server: worst.name, state })
        : t("more", { server: worst.name, state, count: troubled.length - 1 })}
    </Shaped>
  );
}

function Shaped({ state, children }: { state: ServerState; children: ReactNode }) {
  return (
    <>
      <StatusShape kind={statusKindOf(state)} size={9} />
      <span className="words truncate">{children}</span>
    </>
  );
}

function OutChange({ now }: { now: number | null }) {
  const t = useTranslations("fleet.strip");
  const format = useFormat();
  const { rangeMs } = useScene();
  const { values } = useSeries("fleet", ["messages_out_per_second"]);
  // The mean of a few seconds, since a single one may be a spike; only when the window is full.
  const early = values.messages_out_per_second.slice(0, 10).filter((value) => value !== null);
  const before = early.length < 5 ? null : early.reduce((sum, value) => sum + value, 0) / early.length;
  if (now === null || !before || rangeMs < 60_000) return null;
  const change = now / before - 1;
  const signed = `${change > 0 ? "+" : ""}${format.percent(change, 1)}`;
  return t("change", { change: signed, minutes: Math.round(rangeMs / 60_000) });
}

/** The server with the largest value; null when nobody tells one. */
function largestOf(servers: readonly ServerSummary[], metric: MetricName): ServerSummary | null {
  return servers.reduce<ServerSummary | null>(
    (most, server) => ((server.latest[metric] ?? -1) > (most?.latest[metric] ?? -1) ? server : most),
    null,
  );
}

const told: readonly ServerState[] = ["healthy", "degraded", "critical", "draining"];

function WorstLatency({ servers }: { servers: readonly ServerSummary[] }) {
  const t = useTranslations("fleet.strip");
  const format = useFormat();
  const worst = largestOf(
    servers.filter((server) => told.includes(server.state)),
    "push_latency_p99_ms",
  );
  if (!worst) return null;
  const value = format.msText(worst.latest.push_latency_p99_ms);
  const breach = breachOf("push_latency_p99_ms", worst.latest);
  if (!breach) return <span className="words truncate">{t("worstAt", { server: worst.name, value })}</span>;
  const limit = thresholdOf("push_latency_p99_ms", worst.latest)[breach];
  return (
    <Shaped state={breach === "hard" ? "critical" : "degraded"}>
      {t("worstLimit", { server: worst.name, value, limit: format.number(limit) })}
    </Shaped>
  );
}

function QueueShare({ servers, total }: { servers: readonly ServerSummary[]; total: number | null }) {
  const t = useTranslations("fleet.strip");
  const format = useFormat();
  if (total === null) return null;
  const most = largestOf(servers, "queue_messages");
  const value = most?.latest.queue_messages ?? 0;
  if (!most || value === 0 || total === 0) return t("queueEmpty");
  const text = t("queueShare", { share: format.percent(Math.min(1, value / total)), server: most.name });
  return breachOf("queue_messages", most.latest) ? (
    <Shaped state="degraded">{text}</Shaped>
  ) : (
    <span className="words truncate">{text}</span>
  );
}
