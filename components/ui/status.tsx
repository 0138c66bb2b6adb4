import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ServerState } from "@/lib/contract/console-api";
import { classNames } from "./class-names";
import { type StatusKind, StatusShape } from "./status-shape";

const kinds: Record<ServerState, StatusKind> = {
  healthy: "ok",
  degraded: "warn",
  critical: "crit",
  down: "down",
  hanging: "hanging",
  no_data: "unknown",
  mismatch: "mismatch",
  draining: "draining",
};

/** The shape that a server's state is drawn with. */
export function statusKindOf(state: ServerState): StatusKind {
  return kinds[state];
}

/** Healthy is quiet; trouble is coloured and heavier. */
export const statusText: Record<StatusKind, string> = {
  ok: "text-text-2",
  warn: "text-warn font-semibold",
  crit: "text-crit font-semibold",
  down: "text-crit font-semibold",
  hanging: "text-crit font-semibold",
  mismatch: "text-crit font-semibold",
  unknown: "text-unknown font-medium",
  silenced: "text-unknown font-medium",
  draining: "text-drain font-semibold",
  acknowledged: "text-accent font-semibold",
  info: "text-accent font-semibold",
};

/** A server's state: shape and word. */
export function ServerStatus({ state, className }: { state: ServerState; className?: string }) {
  const t = useTranslations("common.state");
  return (
    <Status kind={statusKindOf(state)} className={className} state={state}>
      {t(state)}
    </Status>
  );
}

export function Status(props: { kind: StatusKind; children: ReactNode; state?: string; className?: string }) {
  return (
    <span
      data-state={props.state}
      className={classNames(
        "words inline-flex items-center gap-1.5 whitespace-nowrap",
        statusText[props.kind],
        props.className,
      )}
    >
      <StatusShape kind={props.kind} />
      {props.children}
    </span>
  );
}
