"use client";

import dynamic from "next/dynamic";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { FleetSnapshot } from "@/lib/contract/console-api";
import { LiveProvider } from "@/lib/live/live-context";
import { BottomBar } from "./bottom-bar";
import { CallerProvider, type ShellCaller } from "./caller";
import { Footer } from "./footer";
import { IncidentBar } from "./incident-bar";
import { destinations, timeControlOf } from "./navigation";
import { PushBar } from "./push-bar";
import { Rail } from "./rail";
import { type Shortcut, useShortcutListener, useShortcuts } from "./shortcuts";
import { StatusAnnouncer } from "./status-announcer";
import { useTimeWindow, useTimeWindowSync } from "./time-window";
import { TopBar } from "./top-bar";

const KeyHelp = dynamic(() => import("./key-help").then((module) => module.KeyHelp), { ssr: false });

export interface ShellProps {
  caller: ShellCaller;
  fleet: FleetSnapshot;
  children: ReactNode;
}

/** What stands around every page of a signed-in person, with the live data that all of them share. */
export function Shell({ caller, fleet, children }: ShellProps) {
  const t = useTranslations("shell");
  return (
    <CallerProvider caller={caller}>
      <LiveProvider source={{ kind: "live", fleet, view: { kind: "shell" } }}>
        <a
          href="#content"
          className="sr-only z-50 rounded-control bg-surface-3 px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        >
          {t("skip")}
        </a>
        <div className="flex h-dvh flex-col md:flex-row">
          <Rail />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <TopBar fleetName={fleet.fleetName} environment={fleet.environment} />
            <PushBar />
            <IncidentBar />
            <main
              id="content"
              tabIndex={-1}
              className="flex min-h-0 flex-1 flex-col overflow-auto outline-none"
            >
              {children}
            </main>
            <Footer />
          </div>
          <BottomBar />
        </div>
        <ShellKeys />
        <StatusAnnouncer />
      </LiveProvider>
    </CallerProvider>
  );
}

function ShellKeys() {
  const t = useTranslations("shell.keys");
  const router = useRouter();
  const [help, setHelp] = useState(false);
  const { paused, setPaused } = useTimeWindow();
  const live = timeControlOf(usePathname()) === "live";
  useTimeWindowSync();
  useShortcutListener();
  const names = { fleet: t("goFleet"), incidents: t("goIncidents") };
  const shortcuts: Shortcut[] = destinations.map(({ name, href, key }) => ({
    keys: [`g ${key}`],
    print: ["G", key.toUpperCase()],
    label: names[name],
    scope: "everywhere",
    run: () => router.push(href),
  }));
  if (live) {
    shortcuts.push({
      keys: [" "],
      print: ["Space"],
      label: paused ? t("resume") : t("pause"),
      run: () => setPaused(!paused),
    });
  }
  shortcuts.push({
    keys: ["?"],
    print: ["?"],
    label: t("help"),
    scope: "everywhere",
    run: () => setHelp(true),
  });
  useShortcuts(shortcuts);
  return help ? <KeyHelp onClose={() => setHelp(false)} /> : null;
}
