"use client";

import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge } from "./badge";
import { Button } from "./button";
import { classNames } from "./class-names";
import { useFormat } from "./use-format";

/** What a panel has to show. The panel itself draws every state but `ready`. */
export type PanelState =
  | { kind: "ready" }
  | { kind: "loading" }
  | { kind: "empty"; title: ReactNode; text?: ReactNode; action?: ReactNode }
  | { kind: "stale"; ageMs: number }
  | { kind: "error"; title: ReactNode; text?: ReactNode; onRetry?: () => void }
  | { kind: "paused"; atMs: number; waiting: number };

export interface PanelProps {
  title: ReactNode;
  /** Behind the title, in grey: the unit or "by region". */
  unit?: ReactNode;
  /** At the header's right: an age, a menu. */
  aside?: ReactNode;
  state?: PanelState;
  /** Under the header, as a legend. */
  legend?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** A region with a header, edged by hairlines of its neighbours, that owns loading, empty, stale and error. */
export function Panel(props: PanelProps) {
  const state = props.state ?? { kind: "ready" };
  const covered = state.kind === "error" || state.kind === "empty";
  return (
    <section className={classNames("@container flex min-w-0 flex-col px-5 pt-3 pb-2", props.className)}>
      <header className="flex min-h-6 items-center gap-2">
        <h2 className="min-w-0 truncate font-semibold">
          {props.title}
          {props.unit && <span className="font-normal text-text-3"> {props.unit}</span>}
        </h2>
        <div className="ml-auto flex shrink-0 items-center gap-2 text-label text-text-2">
          <StateBadge state={state} />
          {props.aside}
        </div>
      </header>
      {props.legend}
      <div className="relative min-h-0 flex-1" aria-busy={state.kind === "loading" || undefined}>
        {props.children}
        {covered && (
          <div className="absolute inset-0 flex items-center justify-center">
            <PanelMessage state={state} />
          </div>
        )}
      </div>
    </section>
  );
}

function StateBadge({ state }: { state: PanelState }) {
  const t = useTranslations("common.panel");
  const format = useFormat();
  if (state.kind === "stale")
    return <Badge kind="unknown">{t("noDataFor", { age: format.duration(state.ageMs) })}</Badge>;
  if (state.kind === "error") return <Badge kind="down">{t("failed")}</Badge>;
  if (state.kind !== "paused") return null;
  return (
    <>
      <Badge kind="warn">{t("pausedAt", { time: format.clock(state.atMs) })}</Badge>
      {state.waiting > 0 && (
        <span className="hidden @md:inline">{t("waiting", { count: state.waiting })}</span>
      )}
    </>
  );
}

/** The words of an error or an emptiness, for where there is no panel around. */
export function PanelMessage({ state }: { state: Extract<PanelState, { kind: "error" | "empty" }> }) {
  const t = useTranslations("common");
  return (
    <div
      role={state.kind === "error" ? "alert" : undefined}
      className="max-w-[85%] bg-bg px-4 py-2 text-center"
    >
      <p className="font-semibold">{state.title}</p>
      {state.text && <p className="text-text-2">{state.text}</p>}
      {state.kind === "error" && state.onRetry && (
        <Button className="mt-2" icon={<RotateCw size={14} aria-hidden />} onClick={state.onRetry}>
          {t("retryNow")}
        </Button>
      )}
      {state.kind === "empty" && state.action && <div className="mt-2">{state.action}</div>}
    </div>
  );
}
