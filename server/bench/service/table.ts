import type { ContenderName } from "./contenders";

/** One line of the result: the same figure of every contender. */
export interface Row {
  what: string;
  unit: string;
  values: Partial<Record<ContenderName, number | null>>;
  target?: Target;
  note?: string;
}

/** What ours must reach: a bound of its own, or a multiple of what ws did in the same run. */
export type Target =
  | { atMost: number }
  | { atLeast: number }
  | { atLeastTimesWs: number }
  | { atMostTimesWs: number };

export type Verdict = "met" | "MISSED" | "not measured" | "";

export function verdict({ values, target }: Row): Verdict {
  if (target === undefined) return "";
  const { wirewatch: ours, ws } = values;
  if (ours === null || ours === undefined) return "not measured";
  if ("atMost" in target) return ours <= target.atMost ? "met" : "MISSED";
  if ("atLeast" in target) return ours >= target.atLeast ? "met" : "MISSED";
  if (ws === null || ws === undefined) return "not measured";
  if ("atLeastTimesWs" in target) return ours >= target.atLeastTimesWs * ws ? "met" : "MISSED";
  return ours <= target.atMostTimesWs * ws ? "met" : "MISSED";
}

/** The rows as lines, a column a contender; `absent` contenders are left out. */
export function asTable(rows: readonly Row[], contenders: readonly ContenderName[]): string {
  const cells = rows.map((row) => [
    `${row.what} (${row.unit})`,
    ...contenders.map((name) => numberText(row.values[name])),
    ratioText(row),
    targetText(row.target),
    verdict(row),
    row.note ?? "",
  ]);
  const all = [["what", ...contenders, "ours : ws", "target", "verdict", ""], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const isNumber = (column: number) => column > 0 && column <= contenders.length + 1;
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function ratioText({ values }: Row): string {
  const { wirewatch: ours, ws } = values;
  return ours && ws ? `${numberText(ours / ws)} ×` : "";
}

function targetText(target: Target | undefined): string {
  if (target === undefined) return "";
  if ("atMost" in target) return `≤ ${numberText(target.atMost)}`;
  if ("atLeast" in target) return `≥ ${numberText(target.atLeast)}`;
  return "atLeastTimesWs" in target ? `≥ ${target.atLeastTimesWs} × ws` : `≤ ${target.atMostTimesWs} × ws`;
}
