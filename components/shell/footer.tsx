"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Kbd } from "@/components/ui/badge";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import { useConnectionState, useFreshness, useScene } from "@/lib/live/live-context";
import { timeControlOf } from "./navigation";
import { useAllShortcuts } from "./shortcuts";

/** The keys of this page, and how old the newest figure is. */
export function Footer() {
  const shortcuts = useAllShortcuts();
  const control = timeControlOf(usePathname());
  return (
    <footer className="hidden h-[30px] shrink-0 items-center gap-4 overflow-hidden border-t px-5 text-label text-text-2 md:flex">
      {/* keys without room wrap out of sight, so that the age never does */}
      <div className="flex h-5 min-w-0 flex-1 flex-wrap gap-x-4 gap-y-2 overflow-hidden">
        {shortcuts
          .filter((shortcut) => shortcut.scope !== "everywhere")
          .map((shortcut) => (
            <span key={shortcut.print.join()} className="flex h-5 items-center gap-1.5 whitespace-nowrap">
              {shortcut.print.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
              {shortcut.label}
            </span>
          ))}
      </div>
      {control === "live" && <Age />}
    </footer>
  );
}

function Age() {
  const t = useTranslations("shell.footer");
  const units = useTranslations("common.units");
  const format = useFormat();
  const pathname = usePathname();
  const { fleet, paused } = useScene();
  const { mode } = useConnectionState();
  const serverId = /^\/servers\/([^/]+)/.exec(pathname)?.[1];
  const { ageMs, stale } = useFreshness(serverId === undefined ? undefined : decodeURIComponent(serverId));
  return (
    <span className="ml-auto flex shrink-0 items-center gap-4 whitespace-nowrap">
      {mode === "push" && !stale && !paused && (
        <span className="hidden items-center gap-2 lg:flex">
          <StatusShape kind="ok" size={8} />
          {t("live", { interval: units("second", { value: fleet.stepMs / 1_000 }) })}
        </span>
      )}
      <span className="figures" data-freshness>
        {ageMs === null ? t("never") : t("updated", { age: format.duration(ageMs) })}
      </span>
    </span>
  );
}
