"use client";

import { usePathname } from "next/navigation";
import { ShareButton } from "@/components/share/share-button";
import { usePaused } from "@/lib/live/live-context";
import { Clock } from "./clock";
import { LanguageSwitch } from "./language";
import { timeControlOf } from "./navigation";
import { ServerSearch } from "./server-search";

import { ThemeSwitch } from "./theme-switch";
import { TimeControls } from "./time-controls";
import { UserMenu } from "./user-menu";

/** Which fleet, the time on screen, and who looks at it. */
export function TopBar({ fleetName, environment }: { fleetName: string; environment: string }) {
  const paused = usePaused();
  const hasTime = timeControlOf(usePathname()) !== "none";
  return (
    <header className={`shrink-0 border-b ${paused ? "border-b-warn" : ""}`}>
      <div className="flex h-12 items-center gap-2 px-4 md:gap-3 md:px-5">
        <div className="flex min-w-0 items-center gap-2.5">
          <span className="words shrink-0 rounded-badge border border-line-2 px-1.5 py-px text-axis font-semibold">
            {environment}
          </span>
          <span className="truncate font-semibold">{fleetName}</span>
        </div>
        <div className="ml-2 hidden min-w-0 flex-1 lg:block">
          <ServerSearch />
        </div>
        <div className="ml-auto flex shrink-0 items-center gap-2">
          <span className="hidden lg:block">
            <Clock />
          </span>
          <span className="hidden md:block">
            <TimeControls />
          </span>
          <ShareButton />
          <span aria-hidden className="mx-1 hidden h-4 w-px bg-line-2 md:block" />
          <span className="hidden items-center gap-1 md:flex">
            <LanguageSwitch />
            <ThemeSwitch />
            <UserMenu />
          </span>
        </div>
      </div>
      {hasTime && (
        <div className="flex items-center justify-between border-t px-4 py-2 md:hidden">
          <TimeControls compact />
          <Clock />
        </div>
      )}
    </header>
  );
}
