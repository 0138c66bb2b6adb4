"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";
import { CapacityBar, Stat } from "@/components/ui/stat";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { breachOf, connectionsShare, thresholdOf } from "@/lib/health";
import { useSeries, useStale } from "@/lib/live/live-context";
import { isSilent } from "../trouble";
import { windowPeak } from "./window-peak";

const peaked = [
  "push_latency_p99_ms",
  "queue_messages",
  "messages_out_per_second",
  "rss_bytes",
  "cpu_cores",
] as const satisfies MetricName[];

/** The seven figures that tell a server's state at a glance, each with one line of context. */
export function ServerStrip({ server }: { server: ServerSummary }) {
  const t = useTranslations("server.strip");
  const format = useFormat();
  const stale = useStale(server.id);
  const { timesMs, values } = useSeries(`server:${server.id}`, peaked);
  const { latest } = server;
  const old = stale || isSilent(server.state);

  const stat = (
    metric: MetricName,
    label: string,
    parts: { unit?: ReactNode; context?: ReactNode; title?: string } = {},
  ) => {
    const { value, unit } = format.metric(metric, latest[metric]);
    return (
      <Stat
        size="server"
        label={label}
        value={<Breached metric={metric} latest={latest} value={value} old={old} />}
        unit={parts.unit ?? unit}
        context={parts.context}
        metric={metric}
        server={server.id}
        stale={old}
        title={parts.title}
      />
    );
  };
  const most = (metric: (typeof peaked)[number]) => {
    const peak = windowPeak(timesMs, values[metric]);
    return peak && peak.value > 0
      ? t("most", {
          value: format.metricText(metric, peak.value),
          time: format.clock(peak.atMs, { seconds: false }),
        })
      : null;
  };
  const limit = (metric: MetricName) => {
    const { soft, hard } = thresholdOf(metric, latest);
    const found = soft ?? hard;
    return found === null ? null : t("limit", { value: format.metricText(metric, found) });
  };

  const max = latest.max_connections ?? null;
  const share = connectionsShare(latest);
  const breach = breachOf("active_connections", latest);
  const memoryLimit = latest.memory_limit_bytes ?? null;
  const cores = latest.available_cores ?? null;
  return (
    <section
      aria-label={t("label", { server: server.name })}
      className="grid shrink-0 grid-cols-2 sm:grid-cols-4 xl:grid-cols-7 [&>*]:border-b max-xl:[&>*:last-child]:col-span-2"
    >
      {stat("active_connections", t("connections"), {
        unit: max === null ? undefined : t("of", { whole: format.number(max) }),
        context:
          share === null ? null : (
            <>
              <CapacityBar
                ratio={share}
                tone={breach === "hard" ? "crit" : breach === "soft" ? "warn" : null}
              />
              {t("ofCapacity", { percent: format.percent(share) })}
            </>
          ),
      })}
      {stat("push_latency_p99_ms", t("latency"), { context: most("push_latency_p99_ms") })}
      {stat("queue_messages", t("queue"), {
        unit: t("queueUnit"),
        context: most("queue_messages") ?? limit("queue_messages"),
      })}
      {stat("messages_out_per_second", t("out"), { context: most("messages_out_per_second") })}
      {stat("rss_bytes", t("rss"), {
        unit:
          memoryLimit === null
            ? undefined
            : `${format.bytes(latest.rss_bytes).unit} ${t("of", { whole: format.bytesText(memoryLimit) })}`,
        context: most("rss_bytes"),
        title: format.exactBytes(latest.rss_bytes),
      })}
      {stat("cpu_cores", t("cpu"), {
        unit: cores === null ? undefined : t("ofCores", { cores }),
        context: most("cpu_cores"),
      })}
      {stat("event_loop_delay_ms", t("loop"), { context: limit("event_loop_delay_ms") })}
    </section>
  );
}

/** A threshold breach colours the figure; a value that is old is grey whatever it is. */
function Breached(props: {
  metric: MetricName;
  latest: ServerSummary["latest"];
  value: string;
  old: boolean;
}) {
  const breach = props.old ? null : breachOf(props.metric, props.latest);
  return (
    <span className={classNames(breach === "hard" && "text-crit", breach === "soft" && "text-warn")}>
      {props.value}
    </span>
  );
}
