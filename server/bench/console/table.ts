/** One line of the result. `limit` is the most that reaches the target; without one it only informs. */
export interface Figure {
  what: string;
  value: number | null;
  unit: "ms" | "KB" | "%" | "nodes" | "hosts" | "s";
  limit?: number;
  /** Behind the value: how it came about, or why there is none. */
  note?: string;
}

export function verdict({ value, limit }: Figure): "met" | "MISSED" | "not measured" | "" {
  if (limit === undefined) return "";
  if (value === null) return "not measured";
  return value <= limit ? "met" : "MISSED";
}

/** The figures as lines of a table with target and verdict. */
export function asTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    figure.value === null ? "–" : `${round(figure.value)} ${figure.unit}`,
    figure.limit === undefined ? "" : `≤ ${figure.limit} ${figure.unit}`,
    verdict(figure),
    figure.note ?? "",
  ]);
  const all = [["what", "measured", "target", "verdict", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const round = (value: number) => (Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Math.round(value));
