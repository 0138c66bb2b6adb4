"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCaller } from "@/components/shell/caller";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import type { IncidentList, IncidentSummary } from "@/lib/contract/console-api";
import { incidentsQuery } from "@/lib/query/incidents";
import { IncidentFiltersBar } from "./incident-filters-bar";
import { IncidentPanel } from "./incident-panel";
import { IncidentStrip } from "./incident-strip";
import { IncidentTable } from "./incident-table";
import { queryKeyOf } from "./query-key";
import { LiveServerNames } from "./server-names";
import { useIncidentFilters } from "./use-incident-filters";
import { useIncidentKeys } from "./use-incident-keys";

const DeclareDialog = dynamic(() => import("./declare-dialog").then((m) => m.DeclareDialog), { ssr: false });

const none: readonly IncidentSummary[] = [];

export function IncidentsPage({ initial, initialKey }: { initial: IncidentList; initialKey: string }) {
  const t = useTranslations("incidents");
  const common = useTranslations("common");
  const caller = useCaller();
  const filters = useIncidentFilters();
  const [declaring, setDeclaring] = useState(false);
  const list = useQuery({
    ...incidentsQuery(filters.query),
    // What the server read belongs to the address it was asked with.
    ...(queryKeyOf(filters.query) === initialKey ? { initialData: initial } : {}),
    refetchInterval: 10_000,
    staleTime: 5_000,
  });
  const incidents = list.data?.incidents ?? none;
  const selected = incidents.find(({ id }) => id === filters.sel) ?? incidents[0] ?? null;
  useIncidentKeys(incidents, selected, filters.select);
  const mayDeclare = caller !== null && caller.role !== "viewer";
  return (
    <LiveServerNames>
      <div
        className={classNames(
          "grid shrink-0 grow grid-cols-1",
          selected && "xl:grid-cols-[minmax(0,1fr)_324px] min-[1400px]:grid-cols-[minmax(0,1fr)_370px]",
        )}
      >
        <div className={classNames("min-w-0", selected && "xl:border-r")}>
          <header className="flex items-center gap-3 border-b px-5 py-3">
            <h1 className="flex-1 text-title font-semibold tracking-[-0.018em]">{t("title")}</h1>
            <Button
              icon={<Plus size={15} aria-hidden />}
              disabled={!mayDeclare}
              title={mayDeclare ? undefined : common("needsRole", { role: common("role.operator") })}
              onClick={() => setDeclaring(true)}
            >
              {t("declare")}
            </Button>
          </header>
          <IncidentStrip list={list.data ?? null} />
          <IncidentFiltersBar filters={filters} total={list.data?.total ?? null} />
          <IncidentTable
            list={list.data ?? null}
            error={list.error}
            onRetry={() => void list.refetch()}
            filters={filters}
            selectedId={selected?.id ?? null}
          />
        </div>
        {selected && (
          <aside className="max-xl:hidden" aria-label={t("panel.label")}>
            <IncidentPanel key={selected.id} summary={selected} />
          </aside>
        )}
        {declaring && <DeclareDialog onClose={() => setDeclaring(false)} />}
      </div>
    </LiveServerNames>
  );
}
