import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { type StatusKind, StatusShape } from "./status-shape";

const tints: Record<StatusKind, string> = {
  ok: "bg-ok-tint text-ok",
  warn: "bg-warn-tint text-warn",
  crit: "bg-crit-tint text-crit",
  down: "bg-crit-tint text-crit",
  hanging: "bg-crit-tint text-crit",
  mismatch: "bg-crit-tint text-crit",
  unknown: "bg-unknown-tint text-unknown",
  silenced: "bg-unknown-tint text-unknown",
  draining: "bg-drain-tint text-drain",
  acknowledged: "bg-accent-tint text-accent",
  info: "bg-accent-tint text-accent",
};

/** A status on its tint: shape and word. `outline` is for what is over, as a resolved incident's severity. */
export function Badge(props: {
  kind: StatusKind;
  children: ReactNode;
  outline?: boolean;
  className?: string;
}) {
  return (
    <span
      className={classNames(
        "words inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-badge px-1.5 text-label font-medium",
        props.outline ? "border border-line-2 text-text-2" : tints[props.kind],
        props.className,
      )}
    >
      {!props.outline && <StatusShape kind={props.kind} size={9} />}
      {props.children}
    </span>
  );
}

/** A label of a server (key or key=value), a filter's count: outlined and neutral, so that it never reads as status. */
export function Tag({
  children,
  title,
  className,
}: {
  children: ReactNode;
  title?: string;
  className?: string;
}) {
  return (
    <span
      title={title}
      className={classNames(
        "words inline-flex h-5 max-w-40 items-center truncate rounded-badge border border-line-2 px-1.5 text-axis text-text-2",
        className,
      )}
    >
      {children}
    </span>
  );
}

/** A count on a tab or a filter. */
export function Count({ children }: { children: ReactNode }) {
  return (
    <span className="figures inline-flex h-[18px] items-center rounded-badge bg-surface-2 px-1.5 text-axis text-text-2">
      {children}
    </span>
  );
}

export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classNames(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-badge border border-line-2 px-1 text-axis text-text-2",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
