"use client";

import { useTranslations } from "next-intl";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useCallback, useMemo, useRef, useState } from "react";
import { useShareScope } from "@/components/share/share-scope";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Button } from "@/components/ui/button";
import { useReasonWords } from "@/components/ui/use-reason-words";
import type { ConnectionsPage, Snapshot } from "@/lib/contract/console-api";
import type { ConnectionState } from "@/lib/contract/service-api";
import { usePaused, useServer } from "@/lib/live/live-context";
import { isSilent } from "../trouble";
import { ByNetwork } from "./by-network";
import { isFiltered, type ListQuery, listQuery, pageRows } from "./connection-filter";
import { ConnectionsFoot } from "./connections-foot";
import { ConnectionsTable, useRowVirtualizer } from "./connections-table";
import { ConnectionsToolbar } from "./connections-toolbar";
import { ListMessage } from "./list-message";
import { RecentlyClosed } from "./recently-closed";
import { SelectionBar } from "./selection-bar";
import { ByCode, ByState } from "./state-and-code";
import { useConnectionFacts } from "./use-connection-facts";
import { useConnectionFilter } from "./use-connection-filter";
import { useConnectionPages } from "./use-connection-pages";
import { useSelection } from "./use-selection";

/**
 * The open connections of a server: filtered, sorted and cut by the server itself. `stored` is what a
 * snapshot kept of the page; then nothing is asked for and nothing can be done. `initial` is the first page,
 * read while the page was rendered.
 */
export function ServerConnections(props: {
  serverId: string;
  initial?: { query: ListQuery; page: ConnectionsPage } | null;
  stored?: NonNullable<Snapshot["connections"]>;
}) {
  if (props.stored) return <StoredConnections serverId={props.serverId} stored={props.stored} />;
  return <LiveConnections serverId={props.serverId} initial={props.initial ?? null} />;
}

function LiveConnections(props: {
  serverId: string;
  initial: { query: ListQuery; page: ConnectionsPage } | null;
}) {
  const t = useTranslations("connections");
  const { serverId } = props;
  const server = useServer(serverId);
  const reasonWords = useReasonWords();
  const paused = usePaused();
  const [closedShown, setClosedShown] = useQueryState("closed", parseAsBoolean.withDefault(false));
  const control = useConnectionFilter();
  const { filter, change } = control;
  const query = useMemo(() => listQuery(filter), [filter]);
  const selection = useSelection();
  const [held, setHeld] = useState(false);
  const [turn, setTurn] = useState(0);

  const scroller = useRef<HTMLElement>(null);
  const [total, setTotal] = useState(props.initial?.page.total ?? pageRows);
  const rows = useRowVirtualizer(scroller, total);
  const range = rows.range ?? { startIndex: 0, endIndex: 0 };
  const items = rows.getVirtualItems();
  const list = useConnectionPages({
    serverId,
    query,
    firstRow: items[0]?.index ?? 0,
    lastRow: items.at(-1)?.index ?? 0,
    live: paused === null,
    held,
    turn,
    initial: props.initial,
  });
  // The number of rows is needed before the pages, and known only with them.
  const silence = server && isSilent(server.state) ? reasonWords(server.reason) : null;
  const count = list.total ?? (list.error || silence !== null ? 0 : total);
  if (count !== total) setTotal(count);

  const live = paused === null;
  const facts = useConnectionFacts({ serverId, live, closedShown, stored: null });
  useShareScope(list.page ? { viewId: list.page.viewId } : {});
  const applyOrder = useCallback(() => setTurn((before) => before + 1), []);
  useShortcuts(
    list.orderChanged ? [{ keys: ["o"], print: ["O"], label: t("keys.order"), run: applyOrder }] : [],
  );

  const nothing = list.total === 0;
  return (
    <div className={frame}>
      <div className="flex min-h-0 min-w-0 flex-col min-[1360px]:border-r">
        <ConnectionsToolbar
          serverId={serverId}
          control={control}
          counts={facts.counts}
          total={list.total}
          closedShown={closedShown}
          onClosedShown={(shown) => void setClosedShown(shown || null)}
        />
        <SelectionBar selection={selection} />
        {list.orderChanged && live && (
          <div className="flex h-8 shrink-0 items-center gap-3 border-b bg-surface-1 px-5 text-label text-text-2">
            {t("orderChanged")}
            <Button size="small" onClick={applyOrder}>
              {t("applyOrder")}
            </Button>
          </div>
        )}
        <ConnectionsTable
          label={t("title", { server: server?.name ?? serverId })}
          scroller={scroller}
          rows={rows}
          row={list.row}
          total={list.total}
          readAtMs={list.page?.readAtMs ?? 0}
          filter={filter}
          onSort={(next) => change?.(next)}
          selection={selection}
          onHold={setHeld}
          message={
            <ListMessage
              error={list.error}
              silence={silence}
              readAtMs={list.page?.readAtMs ?? null}
              empty={nothing}
              filtered={isFiltered(filter)}
              onRetry={list.retry}
              onClear={() =>
                change?.({ q: "", idle: null, buffered: null, state: null, ip: null, topic: null })
              }
            />
          }
        />
        <ConnectionsFoot
          first={range.startIndex}
          last={Math.min(range.endIndex, Math.max(0, total - 1))}
          total={list.total}
          missingWorkers={list.page?.missingWorkers ?? []}
          readAtMs={list.page?.readAtMs ?? null}
          live={live}
          onHome={() => rows.scrollToIndex(0)}
          onEnd={() => rows.scrollToIndex(Math.max(0, total - 1), { align: "end" })}
        />
        {closedShown && (
          <RecentlyClosed
            data={facts.closed}
            error={facts.closedError}
            onRetry={facts.retryClosed}
            onClose={() => void setClosedShown(null)}
          />
        )}
      </div>
      <Side facts={facts} onState={(state) => change?.({ state })} />
    </div>
  );
}

function Side(props: {
  facts: Pick<ReturnType<typeof useConnectionFacts>, "byNetwork" | "detail">;
  onState: ((state: ConnectionState) => void) | null;
}) {
  const { facts } = props;
  return (
    <aside className="grid min-w-0 shrink-0 content-start max-[1360px]:border-t sm:max-[1360px]:grid-cols-3 min-[1360px]:overflow-y-auto">
      <ByNetwork data={facts.byNetwork} />
      <ByState counts={facts.detail?.byState ?? null} onChoose={props.onState} />
      <ByCode counts={facts.detail?.closedByCode ?? null} />
    </aside>
  );
}

function StoredConnections(props: { serverId: string; stored: NonNullable<Snapshot["connections"]> }) {
  const t = useTranslations("connections");
  const { serverId, stored } = props;
  const server = useServer(serverId);
  const control = useConnectionFilter(stored.query);
  const facts = useConnectionFacts({ serverId, live: false, closedShown: true, stored });
  const scroller = useRef<HTMLElement>(null);
  const { page } = stored;
  const rows = useRowVirtualizer(scroller, page.rows.length);
  const range = rows.range ?? { startIndex: 0, endIndex: 0 };
  const row = useCallback((index: number) => page.rows[index] ?? null, [page]);
  return (
    <div className={frame}>
      <div className="flex min-h-0 min-w-0 flex-col min-[1360px]:border-r">
        <ConnectionsToolbar
          serverId={serverId}
          control={control}
          counts={{ ...facts.counts, buffered: null }}
          total={page.total}
          closedShown
          onClosedShown={null}
        />
        <ConnectionsTable
          label={t("title", { server: server?.name ?? serverId })}
          scroller={scroller}
          rows={rows}
          row={row}
          total={page.total}
          readAtMs={page.readAtMs}
          filter={control.filter}
          onSort={null}
          selection={null}
          onHold={nothingToHold}
        />
        <ConnectionsFoot
          first={page.offset + range.startIndex}
          last={page.offset + Math.min(range.endIndex, Math.max(0, page.rows.length - 1))}
          total={page.total}
          missingWorkers={page.missingWorkers}
          readAtMs={page.readAtMs}
          live={false}
          onHome={() => rows.scrollToIndex(0)}
          onEnd={() => rows.scrollToIndex(Math.max(0, page.rows.length - 1), { align: "end" })}
        />
        {facts.closed && (
          <RecentlyClosed data={facts.closed} error={null} onRetry={nothingToRetry} onClose={null} />
        )}
      </div>
      <Side facts={facts} onState={null} />
    </div>
  );
}

/** The table takes what room is left; on a low or narrow screen the page scrolls instead. */
const frame =
  "flex flex-col min-[1360px]:grid min-[1360px]:min-h-[520px] min-[1360px]:flex-1 min-[1360px]:basis-0 min-[1360px]:grid-cols-[minmax(0,1fr)_292px] min-[1360px]:grid-rows-[minmax(0,1fr)]";

const nothingToHold = () => undefined;
const nothingToRetry = () => undefined;
