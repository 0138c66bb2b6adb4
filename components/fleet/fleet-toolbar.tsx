"use client";

import { ListFilter, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Kbd } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { useFormat } from "@/components/ui/use-format";
import { useFleet } from "@/lib/live/live-context";
import { labelsOf } from "./fleet-filter";
import { sorts } from "./fleet-order";
import { statuses, useFleetView } from "./use-fleet-view";

export function FleetToolbar(props: { shown: number; orderChanged: boolean; onApplyOrder: () => void }) {
  const t = useTranslations("fleet.toolbar");
  const states = useTranslations("common.state");
  const format = useFormat();
  const { servers, reporting } = useFleet();
  const { view, setView, filtered, clear } = useFleetView();
  const field = useRef<HTMLInputElement>(null);
  const keys = useTranslations("fleet.keys");
  useShortcuts([{ keys: ["/"], print: ["/"], label: keys("filter"), run: () => field.current?.focus() }]);

  const counts = useMemo(() => {
    const byState = new Map<string, number>([["all", servers.length]]);
    for (const { state } of servers) byState.set(state, (byState.get(state) ?? 0) + 1);
    byState.set("trouble", servers.length - (byState.get("healthy") ?? 0));
    return byState;
  }, [servers]);
  const labels = useMemo(() => [...new Set(servers.flatMap(labelsOf))].sort(), [servers]);
  const statusName = (status: (typeof statuses)[number]) =>
    status === "all" ? t("statusAll") : status === "trouble" ? t("statusTrouble") : states(status);
  const sortNames = {
    worst: t("sortWorst"),
    name: t("sortName"),
    connections: t("sortConnections"),
    p99: t("sortP99"),
    memory: t("sortMemory"),
    cpu: t("sortCpu"),
    queue: t("sortQueue"),
    subscriptions: t("sortSubscriptions"),
    uptime: t("sortUptime"),
  };
  const total = servers.length;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-2.5 md:px-5">
      <div className="relative w-full md:w-[248px]">
        <ListFilter
          size={15}
          aria-hidden
          className="pointer-events-none absolute top-2 left-2.5 text-text-3"
        />
        <input
          ref={field}
          aria-label={t("filter")}
          placeholder={t("filterHint")}
          value={view.q}
          onChange={(event) => void setView({ q: event.target.value || null })}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          className="h-8 w-full rounded-control border border-control bg-surface-1 pr-8 pl-8 placeholder:text-text-3"
        />
        {view.q === "" ? (
          <Kbd className="pointer-events-none absolute top-[7px] right-2 max-md:hidden">/</Kbd>
        ) : (
          <IconButton
            label={t("clear")}
            size="small"
            className="absolute top-[3px] right-1"
            onClick={() => void setView({ q: null })}
          >
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      <Select
        label={t("status")}
        value={view.status}
        onChange={(status) => void setView({ status })}
        choices={statuses
          .filter((status) => (counts.get(status) ?? 0) > 0 || status === "all" || status === view.status)
          .map((status) => ({
            value: status,
            label: statusName(status),
            hint: format.number(counts.get(status) ?? 0),
          }))}
      />
      {labels.length > 0 && (
        <Select
          label={t("labels")}
          value={view.label}
          onChange={(label) => void setView({ label: label || null })}
          choices={[
            { value: "", label: t("labelsAll") },
            ...labels.map((label) => ({ value: label, label })),
          ]}
        />
      )}
      <span className="hidden md:inline">
        <Select
          label={t("group")}
          value={view.group}
          onChange={(group) => void setView({ group })}
          choices={[
            { value: "region", label: t("groupRegion") },
            { value: "none", label: t("groupNone") },
          ]}
        />
      </span>
      <Select
        label={t("sort")}
        value={view.sort}
        onChange={(sort) => void setView({ sort })}
        choices={sorts.map((sort) => ({ value: sort, label: sortNames[sort] }))}
      />
      {filtered && (
        <Button kind="ghost" onClick={clear}>
          {t("clear")}
        </Button>
      )}
      <span className="ml-auto flex items-center gap-3 text-label text-text-2" aria-live="polite">
        {props.orderChanged && (
          <Button size="small" onClick={props.onApplyOrder} title={t("applyOrder")}>
            {t("orderChanged")}
          </Button>
        )}
        <span className="figures">
          {props.shown < total
            ? t("matching", { shown: props.shown, count: total })
            : reporting < total
              ? t("reporting", { reporting, count: total })
              : t("servers", { count: total })}
        </span>
      </span>
    </div>
  );
}
