"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useFleet } from "@/lib/live/live-context";
import { EventRow } from "./event-row";
import { FleetCharts } from "./fleet-charts";
import { matches } from "./fleet-filter";
import { FleetList } from "./fleet-list";
import { orderServers } from "./fleet-order";
import { FleetStrip } from "./fleet-strip";
import { FleetTable } from "./fleet-table";
import { FleetToolbar } from "./fleet-toolbar";
import { useFleetView } from "./use-fleet-view";
import { useHeldOrder } from "./use-held-order";

/**
 * Every server of the fleet, live or in a frozen view. On a public page `linked` is false, since a server
 * can't be opened from there.
 */
export function FleetPage({ linked = true }: { linked?: boolean }) {
  const t = useTranslations();
  const { servers } = useFleet();
  const { view } = useFleetView();
  const { q, status, label, sort, group } = view;
  const fresh = useMemo(() => {
    const shown = servers.filter((server) =>
      matches(server, { q, status, label }, t(`common.state.${server.state}`)),
    );
    return orderServers(shown, sort, group);
  }, [servers, q, status, label, sort, group, t]);
  const { groups, changed, applyOrder, hands } = useHeldOrder(fresh, JSON.stringify(view));
  const shown = groups.reduce((count, { servers: members }) => count + members.length, 0);

  useShortcuts([
    {
      keys: ["j", "arrowdown", "k", "arrowup"],
      print: ["J", "K"],
      label: t("fleet.keys.move"),
      run: ({ key }) => move(key === "ArrowDown" || key.toLowerCase() === "j" ? 1 : -1),
    },
    { keys: ["enter"], print: ["Enter"], label: t("fleet.keys.open"), run: () => move(1) },
    { keys: ["o"], print: ["O"], label: t("fleet.keys.order"), run: applyOrder },
  ]);

  return (
    <>
      <h1 className="sr-only">{t("fleet.title")}</h1>
      <FleetStrip />
      <FleetCharts />
      <EventRow />
      <FleetToolbar shown={shown} orderChanged={changed} onApplyOrder={applyOrder} />
      <FleetTable groups={groups} total={servers.length} hands={hands} linked={linked} />
      <FleetList groups={groups} linked={linked} />
    </>
  );
}

/** The cursor is the focus, so Enter opens by itself and screen readers follow. */
function move(step: 1 | -1): void {
  const links = [...document.querySelectorAll<Element>("[data-row-link]")];
  const at = document.activeElement ? links.indexOf(document.activeElement) : -1;
  const next = links[at < 0 ? (step === 1 ? 0 : links.length - 1) : at + step];
  if (next instanceof HTMLElement) next.focus();
  next?.closest("tr")?.scrollIntoView({ block: "nearest" });
}
