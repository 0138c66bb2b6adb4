"use client";

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Checkbox } from "@/components/ui/checkbox";
import { Head, SkeletonRows, Table } from "@/components/ui/table";
import type { Connection } from "@/lib/contract/service-api";
import { connectionColumns } from "./connection-columns";
import type { ConnectionFilter } from "./connection-filter";
import { ConnectionRow } from "./connection-row";
import type { Selection } from "./use-selection";

export const rowHeight = 36;
const headHeight = 30;

export type RowVirtualizer = Virtualizer<HTMLElement, HTMLTableRowElement>;

/** Only rows near the screen exist; the scroll thumb stands for the whole set. */
export function useRowVirtualizer(scroller: RefObject<HTMLElement | null>, count: number): RowVirtualizer {
  return useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // What the server draws, before anything can be measured.
    initialRect: { width: 1_000, height: 540 },
  });
}

export function ConnectionsTable(props: {
  label: string;
  scroller: RefObject<HTMLElement | null>;
  rows: RowVirtualizer;
  row: (index: number) => Connection | null;
  total: number | null;
  readAtMs: number;
  filter: ConnectionFilter;
  onSort: ((filter: Pick<ConnectionFilter, "sort" | "order">) => void) | null;
  selection: Selection | null;
  onHold: (held: boolean) => void;
  /** Error or emptiness, across the table. */
  message?: ReactNode;
}) {
  const { rows, selection, filter } = props;
  const items = rows.getVirtualItems();
  const top = (items[0]?.start ?? headHeight) - headHeight;
  const bottom = rows.getTotalSize() - (items.at(-1)?.end ?? headHeight) + headHeight;
  const shown = items.flatMap(({ index }) => props.row(index) ?? []);
  const cursor = useCursor(props);
  return (
    <section
      aria-label={props.label}
      ref={props.scroller}
      className="overflow-auto [overflow-anchor:none] max-[1360px]:h-[60dvh] min-[1360px]:min-h-[200px] min-[1360px]:flex-1"
      onPointerEnter={(event) => event.pointerType === "mouse" && props.onHold(true)}
      onPointerLeave={() => props.onHold(cursor.inside())}
      onFocus={() => props.onHold(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && !event.currentTarget.matches(":hover")) {
          props.onHold(false);
        }
      }}
    >
      <Table aria-label={props.label} aria-rowcount={(props.total ?? 0) + 1} className="min-w-[1000px]">
        <colgroup>
          {connectionColumns.map((column) => (
            <col key={column.name} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {connectionColumns.map((column, i) => (
              <ColumnHead key={column.name} column={column} filter={filter} onSort={props.onSort}>
                {i === 0 && selection && <SelectShown shown={shown} selection={selection} />}
              </ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.message}
          {top > 0 && <Spacer height={top} />}
          {items.map(({ index }) => {
            const row = props.row(index);
            if (!row) return <PendingRow key={index} />;
            return (
              <ConnectionRow
                key={index}
                row={row}
                index={index}
                readAtMs={props.readAtMs}
                selected={selection?.rows.has(row.id) ?? false}
                current={index === cursor.at}
                onSelect={selection?.toggle ?? null}
                onFocus={cursor.move}
              />
            );
          })}
          {bottom > 0 && <Spacer height={bottom} />}
        </tbody>
      </Table>
    </section>
  );
}

function ColumnHead(props: {
  column: (typeof connectionColumns)[number];
  filter: ConnectionFilter;
  onSort: ((filter: Pick<ConnectionFilter, "sort" | "order">) => void) | null;
  children: ReactNode;
}) {
  const t = useTranslations("connections");
  const { column, filter, onSort } = props;
  const isSorted = filter.sort === column.sort;
  const up = (filter.order === "asc") !== (column.inverse ?? false);
  const first = column.name === "id";
  const next = isSorted ? (filter.order === "asc" ? "desc" : "asc") : column.numeric ? "desc" : "asc";
  return (
    <Head
      numeric={column.numeric}
      sorted={isSorted ? (up ? "ascending" : "descending") : "none"}
      onSort={
        onSort
          ? () =>
              onSort({
                sort: column.sort,
                order: !isSorted && column.inverse ? "asc" : next,
              })
          : undefined
      }
      className={first ? "left-0 z-20! pl-5" : undefined}
      before={props.children && <span className="mr-3 inline-flex align-middle">{props.children}</span>}
    >
      {t(`columns.${column.name}`)}
    </Head>
  );
}

function SelectShown({ shown, selection }: { shown: readonly Connection[]; selection: Selection }) {
  const t = useTranslations("connections");
  return (
    <Checkbox
      checked={selectedOf(shown, selection)}
      onChange={() => selection.toggleAll(shown)}
      label={t("selectLoaded")}
    />
  );
}

function selectedOf(shown: readonly Connection[], selection: Selection): boolean | "indeterminate" {
  const count = shown.filter((row) => selection.rows.has(row.id)).length;
  if (count === 0) return selection.rows.size > 0 ? "indeterminate" : false;
  return count === shown.length ? true : "indeterminate";
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={connectionColumns.length} />
    </tr>
  );
}

const barWidths = connectionColumns.map((column) => (column.numeric ? 32 : 84));

function PendingRow() {
  return <SkeletonRows rows={1} widths={barWidths} />;
}

/** The keyboard's row: J and K, arrows, Home and End move it, X selects it. */
function useCursor(props: {
  rows: RowVirtualizer;
  scroller: RefObject<HTMLElement | null>;
  row: (index: number) => Connection | null;
  selection: Selection | null;
}) {
  const t = useTranslations("connections.keys");
  const [at, setAt] = useState(0);
  const wanted = useRef<number | null>(null);
  const { rows, scroller, selection } = props;
  const last = Math.max(0, rows.options.count - 1);

  const focusWanted = () => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  };
  // A row that is scrolled to is there only after it was drawn.
  useEffect(focusWanted);
  const go = (index: number) => {
    const to = Math.min(last, Math.max(0, index));
    wanted.current = to;
    setAt(to);
    rows.scrollToIndex(to, { align: "auto" });
    focusWanted();
  };
  const inside = () => scroller.current?.contains(document.activeElement) ?? false;
  useShortcuts([
    {
      keys: ["j", "k", "arrowdown", "arrowup"],
      print: ["J", "K"],
      label: t("move"),
      run: ({ key }) => {
        const step = key.toLowerCase() === "j" || key === "ArrowDown" ? 1 : -1;
        go(inside() ? at + step : at);
      },
    },
    { keys: ["home"], print: ["Home"], label: t("first"), run: () => go(0), scope: "everywhere" },
    { keys: ["end"], print: ["End"], label: t("last"), run: () => go(last), scope: "everywhere" },
    ...(selection
      ? [
          {
            keys: ["x"],
            print: ["X"],
            label: t("select"),
            run: () => {
              const row = props.row(at);
              if (row && inside()) selection.toggle(row);
            },
          },
        ]
      : []),
  ]);
  return { at: Math.min(at, last), move: setAt, inside };
}
