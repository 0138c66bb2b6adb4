import { memo } from "react";

/** 60–76 × 22, without axes: a row's trend. Gaps stay gaps. */
export const Sparkline = memo(function Sparkline(props: {
  values: readonly (number | null)[];
  tone?: "warn" | "crit" | null;
  stale?: boolean;
  /** Drawn only while it is broken. */
  limit?: number | null;
  width?: number;
}) {
  const { values, limit, tone, stale, width = 64 } = props;
  const height = 22;
  const shown = thin(values, width);
  let top = limit ?? 0;
  for (const value of shown) if (value !== null && value > top) top = value;
  const scale = (value: number) => height - 3 - (top === 0 ? 0 : (value / (top * 1.05)) * (height - 6));
  let path = "";
  let pen = "M";
  let end: [number, number] | null = null;
  for (const [i, value] of shown.entries()) {
    if (value === null) {
      pen = "M";
      continue;
    }
    const x = shown.length === 1 ? width - 3 : 1 + (i / (shown.length - 1)) * (width - 4);
    const y = scale(value);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    end = i >= shown.length - 2 ? [x, y] : null;
  }
  const colour = stale ? "var(--text-3)" : tone ? `var(--${tone})` : "var(--text-2)";
  return (
    <svg width={width} height={height} aria-hidden="true" className="keep-colour block">
      {tone && limit ? (
        <line
          x1="0"
          x2={width}
          y1={scale(limit)}
          y2={scale(limit)}
          stroke="var(--text-3)"
          strokeDasharray="1.5 2.5"
        />
      ) : null}
      <path
        d={path}
        fill="none"
        stroke={colour}
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeDasharray={stale ? "3 2.5" : undefined}
      />
      {end && !stale && <circle cx={end[0]} cy={end[1]} r="1.9" fill={colour} />}
    </svg>
  );
});

/** The largest of each stretch, so that spikes survive. */
function thin(values: readonly (number | null)[], width: number): (number | null)[] {
  const size = Math.ceil(values.length / width);
  if (size <= 1) return [...values];
  const thinned: (number | null)[] = [];
  for (let i = 0; i < values.length; i += size) {
    let max: number | null = null;
    for (const value of values.slice(i, i + size))
      if (value !== null && (max === null || value > max)) max = value;
    thinned.push(max);
  }
  return thinned;
}
