"use client";

import { ChevronDown, Pause, Play, Snowflake } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Menu, MenuChoices } from "@/components/ui/menu";
import { type StatusKind, StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { ConnectionState } from "@/lib/live/connection-state";
import { useConnectionState, usePaused, useStale } from "@/lib/live/live-context";
import { useFrozenWindow } from "./frozen-page";
import { timeControlOf } from "./navigation";
import { useTimeWindow } from "./time-window";

const frame =
  "inline-flex h-8 shrink-0 items-stretch divide-x divide-line-2 overflow-hidden rounded-control border border-line-2 bg-surface-1 font-medium whitespace-nowrap";
const cell = "flex items-center gap-2 px-3 outline-offset-[-2px] hover:bg-surface-2";

/** Live · range · Pause, or Frozen with Go live. "Live" stands there only while it is true. */
export function TimeControls({ compact }: { compact?: boolean }) {
  const pathname = usePathname();
  const control = timeControlOf(pathname);
  if (control === "live") return <LiveControls compact={compact} />;
  return control === "frozen" ? <FrozenControls /> : null;
}

function LiveControls({ compact }: { compact?: boolean }) {
  const t = useTranslations("shell.live");
  const { range, setRange, paused, setPaused } = useTimeWindow();
  const names = { "5m": compact ? t("short5") : t("range5"), "15m": compact ? t("short15") : t("range15") };
  return (
    <div className={`${frame} ${paused ? "border-warn" : ""}`}>
      <LiveWord paused={paused} />
      <Menu
        align="end"
        trigger={
          <button type="button" className={cell} aria-label={`${t("range")}: ${names[range]}`}>
            {names[range]}
            <ChevronDown size={14} aria-hidden />
          </button>
        }
      >
        <MenuChoices
          value={range}
          onChange={setRange}
          choices={[
            { value: "5m", label: t("range5") },
            { value: "15m", label: t("range15") },
          ]}
        />
      </Menu>
      <button type="button" className={cell} onClick={() => setPaused(!paused)} aria-pressed={paused}>
        {paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        {paused ? t("resume") : t("pause")}
      </button>
    </div>
  );
}

const words = {
  connecting: ["unknown", "connecting"],
  push: ["ok", "live"],
  polling: ["warn", "polling"],
  lost: ["down", "lost"],
  signed_out: ["down", "lost"],
  frozen: ["info", "frozen"],
} as const satisfies Record<ConnectionState["mode"], [StatusKind, string]>;

function LiveWord({ paused }: { paused: boolean }) {
  const t = useTranslations("shell.live");
  const panel = useTranslations("common.panel");
  const { mode } = useConnectionState();
  const stale = useStale();
  const waiting = usePaused()?.waiting ?? 0;
  const [kind, word] = paused
    ? (["warn", "paused"] as const)
    : mode === "push" && stale
      ? (["unknown", "lost"] as const)
      : words[mode];
  return (
    <span className="flex items-center gap-2 px-3" data-live={word}>
      <StatusShape kind={kind} size={8} />
      {t(word)}
      {paused && waiting > 0 && (
        <span className="figures text-text-2" title={panel("waiting", { count: waiting })}>
          {waiting}
        </span>
      )}
    </span>
  );
}

function FrozenControls() {
  const t = useTranslations("shell.live");
  const format = useFormat();
  const frozen = useFrozenWindow();
  if (!frozen) return null;
  return (
    <div className={frame}>
      <span className="flex items-center gap-2 px-3">
        <Snowflake size={14} className="text-accent" aria-hidden />
        {t("frozen")}
        <span className="figures hidden text-text-2 lg:inline">
          {format.dateTime(frozen.fromMs)} – {format.clock(frozen.toMs, { seconds: false })} UTC
        </span>
      </span>
      <Link href={frozen.livePath} className={cell}>
        {t("goLive")}
      </Link>
    </div>
  );
}
