const steps = [1, 2, 2.5, 5, 10];

/** Ticks from 0 in even steps, three to five of them, the last at or above `max`. */
export function valueTicks(max: number): number[] {
  if (!Number.isFinite(max) || max <= 0) return [0, 2, 4];
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (steps.find((s) => s * power >= rough * 0.999_999) ?? 10) * power;
  const count = Math.max(2, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

const timeSteps = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800];

/** At most four instants (epoch seconds) on round minutes between two, both in seconds. */
export function timeTicks(from: number, to: number): number[] {
  const step = timeSteps.find((s) => (to - from) / s <= 4) ?? (to - from) / 3;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks.slice(-4);
}
