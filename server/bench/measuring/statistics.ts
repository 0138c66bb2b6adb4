/** The value below which a share of the values lies (nearest rank); null when there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

export const largest = (values: readonly number[]) => quantile(values, 1);
