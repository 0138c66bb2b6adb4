import type { ReactNode } from "react";
import type { MetricName } from "@/lib/contract/metrics";
import { classNames } from "./class-names";

export interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** Smaller, behind the value: "ms", "/ 20,000". */
  unit?: ReactNode;
  /** One line: the worst offender, the share of capacity, or the change. */
  context?: ReactNode;
  /** Names the figure for tests and scripts. */
  metric?: MetricName;
  server?: string;
  stale?: boolean;
  /** The server strip's size is smaller. */
  size?: "fleet" | "server";
  title?: string;
}

/** One cell of a strip. */
export function Stat(props: StatProps) {
  return (
    <div className="min-w-0 border-r px-3 py-2.5 last:border-r-0 sm:px-5 sm:py-3">
      <div className="truncate text-label text-text-2">{props.label}</div>
      <div className="flex items-baseline gap-1.5 whitespace-nowrap" title={props.title}>
        <span
          data-metric={props.metric}
          data-server={props.server}
          className={classNames(
            "figures font-semibold tracking-[-0.02em]",
            props.size === "server" ? "text-strip" : "text-title sm:text-stat",
            props.stale && "text-text-3",
          )}
        >
          {props.value}
        </span>
        {props.unit && <span className="text-lead text-text-3">{props.unit}</span>}
      </div>
      <div className="flex h-[18px] items-center gap-1.5 truncate whitespace-nowrap text-label text-text-2">
        {typeof props.context === "string" ? (
          <span className="truncate" title={props.context}>
            {props.context}
          </span>
        ) : (
          props.context
        )}
      </div>
    </div>
  );
}

/** Share of a capacity as a bar. */
export function CapacityBar(props: {
  ratio: number | null;
  tone?: "warn" | "crit" | null;
  width?: number;
  className?: string;
}) {
  const share = props.ratio === null ? 0 : Math.min(1, Math.max(0, props.ratio));
  const tone = props.tone === "crit" ? "bg-crit" : props.tone === "warn" ? "bg-warn" : "bg-text-2";
  return (
    <span
      aria-hidden
      className={classNames(
        "keep-colour inline-block h-1 overflow-hidden rounded-bar bg-track",
        props.className,
      )}
      style={{ width: props.width ?? 64 }}
    >
      <span className={classNames("block h-full rounded-bar", tone)} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
