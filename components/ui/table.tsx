import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";

/** A native table whose head sticks under `top`; wrap it yourself where it may scroll sideways. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <table
      {...rest}
      className={classNames("w-full table-fixed border-separate border-spacing-0", className)}
    />
  );
}

export interface HeadProps extends Omit<ComponentProps<"th">, "align"> {
  numeric?: boolean;
  /** Makes the head a button; "none" while another column sorts. */
  sorted?: "ascending" | "descending" | "none";
  onSort?: () => void;
  /** Stands before the words and outside the button, as a checkbox does. */
  before?: ReactNode;
}

export function Head({ numeric, sorted, onSort, before, className, children, ...rest }: HeadProps) {
  const arrow = (
    <span aria-hidden>{sorted === "ascending" ? " ↑" : sorted === "descending" ? " ↓" : ""}</span>
  );
  return (
    <th
      scope="col"
      {...rest}
      aria-sort={sorted}
      className={classNames(
        "sticky top-0 z-10 h-[30px] truncate border-line-2 border-b bg-bg px-2 text-label font-normal text-text-2",
        numeric ? "text-right" : "text-left",
        className,
      )}
    >
      {before}
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className={classNames("rounded-badge hover:text-text-1", before ? "align-middle" : null)}
        >
          {children}
          {arrow}
        </button>
      ) : (
        <>
          {children}
          {arrow}
        </>
      )}
    </th>
  );
}

export function Row({ selected, className, ...rest }: ComponentProps<"tr"> & { selected?: boolean }) {
  return (
    <tr
      {...rest}
      aria-selected={selected}
      className={classNames(
        "group/row h-9 hover:bg-surface-2",
        selected && "bg-surface-2 [&>:first-child]:shadow-[inset_2px_0_0_var(--accent)]",
        className,
      )}
    />
  );
}

/** A threshold breach colours and thickens the number; nothing else in the cell changes. */
export type Breach = "warn" | "crit" | null;

export function Cell(props: ComponentProps<"td"> & { numeric?: boolean; breach?: Breach }) {
  const { numeric, breach, className, ...rest } = props;
  return (
    <td
      {...rest}
      className={classNames(
        "truncate border-b px-2",
        numeric ? "text-right" : "text-left",
        breach === "crit" && "font-semibold text-crit",
        breach === "warn" && "font-semibold text-warn",
        className,
      )}
    />
  );
}

/** A row across the table that heads a group. */
export function GroupRow({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr className="h-[30px] bg-surface-1">
      <th scope="colgroup" colSpan={columns} className="border-b px-5 text-left font-normal">
        <div className="flex items-center gap-3 overflow-hidden whitespace-nowrap">{children}</div>
      </th>
    </tr>
  );
}

/** A row across the table for an error or an emptiness; rows that were there stay. */
export function MessageRow({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr>
      <td colSpan={columns} className="border-b px-5 py-3 text-text-2">
        {children}
      </td>
    </tr>
  );
}

/** Rows that are still loading, shown after 300 ms: bars of the given widths, one a column. */
export function SkeletonRows({ rows = 3, widths }: { rows?: number; widths: readonly (number | null)[] }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows that hold nothing have no other name
    <tr key={row} className="appear-late h-9" aria-hidden>
      {widths.map((width, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <td key={column} className="border-b px-2">
          {width !== null && <div className="h-2.5 max-w-full rounded-bar bg-surface-2" style={{ width }} />}
        </td>
      ))}
    </tr>
  ));
}
