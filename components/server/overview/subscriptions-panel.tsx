"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { RankedBar } from "@/components/charts/ranked-bars";
import { RankedBars } from "@/components/charts/ranked-bars";
import { TimeSeries } from "@/components/charts/time-series";
import { useChartMarkers } from "@/components/charts/use-chart-markers";
import { Panel, type PanelState } from "@/components/ui/panel";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import { useSeries, useServerDetail } from "@/lib/live/live-context";
import { useServerPanelState } from "./use-server-panel-state";

const plotted = ["active_subscriptions"] as const;
const shownTopics = 8;

/** Subscriptions over time, and the topics that are delivered most. */
export function SubscriptionsPanel({ server }: { server: ServerSummary }) {
  const t = useTranslations("server.subscriptions");
  const { timesMs, values } = useSeries(`server:${server.id}`, plotted);
  const markers = useChartMarkers(server.id);
  const state = useServerPanelState(server);
  return (
    <section aria-label={t("title")} className="grid grid-cols-1 border-b md:grid-cols-2">
      <TimeSeries
        className="max-md:border-b md:border-r"
        title={t("title")}
        timesMs={timesMs}
        markers={markers}
        state={state}
        server={server.id}
        series={[{ label: t("total"), values: values.active_subscriptions, metric: "active_subscriptions" }]}
      />
      <TopTopics state={state} />
    </section>
  );
}

function TopTopics({ state }: { state: PanelState }) {
  const t = useTranslations("server.subscriptions");
  const format = useFormat();
  const detail = useServerDetail();
  const topics = detail?.topTopics;
  const rest = detail?.otherDeliveriesPerSecond ?? null;
  const bars = useMemo(() => {
    const delivered = (topics ?? []).filter((topic) => topic.deliveries_per_second > 0);
    const shown: RankedBar[] = delivered
      .slice(0, shownTopics)
      .map((topic) => ({ name: topic.topic, value: topic.deliveries_per_second }));
    const others = delivered
      .slice(shownTopics)
      .reduce((sum, topic) => sum + topic.deliveries_per_second, rest ?? 0);
    if (others > 0) shown.push({ name: t("others"), value: others, others: true });
    return shown;
  }, [topics, rest, t]);
  const empty: PanelState =
    rest === null && bars.length === 0
      ? { kind: "empty", title: t("unknown") }
      : { kind: "empty", title: t("empty"), text: t("emptyText") };
  return (
    <Panel
      title={t("topTopics")}
      unit={t("unit")}
      state={bars.length > 0 ? quiet(state) : empty}
      className="min-h-60"
    >
      <RankedBars
        label={t("topTopics")}
        bars={bars}
        valueLabel={(value) => format.number(value, value < 100 ? 1 : 0)}
      />
    </Panel>
  );
}

/** Pause and age already stand at the chart beside it. */
const quiet = (state: PanelState): PanelState => (state.kind === "stale" ? state : { kind: "ready" });
