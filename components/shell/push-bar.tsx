"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import { pollSeconds } from "@/lib/live/connection-state";
import { useConnectionState, useConsoleNow, useLiveStore, useScene } from "@/lib/live/live-context";

const bar =
  "flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-warn-tint px-4 py-1 md:px-5";

/** Says that the push is down, that nothing comes at all, or that the session has ended. Data stays. */
export function PushBar() {
  const t = useTranslations("shell.push");
  const connection = useConnectionState();
  if (connection.mode === "signed_out") {
    return (
      <div role="alert" className={bar}>
        <BarTitle>{t("signedOut")}</BarTitle>
        <span className="text-text-2">{t("signInAgain")}</span>
        <button type="button" className={`${buttonClass("neutral", "small")} ml-auto`} onClick={signInAgain}>
          {t("signIn")}
        </button>
      </div>
    );
  }
  if (connection.mode === "polling") {
    return (
      <div role="status" className={bar}>
        <BarTitle>{t("down")}</BarTitle>
        <span className="text-text-2">{t("polling", { seconds: pollSeconds })}</span>
      </div>
    );
  }
  return connection.mode === "lost" ? (
    <LostBar attempt={connection.attempt} retryAtMs={connection.retryAtMs} />
  ) : null;
}

function LostBar({ attempt, retryAtMs }: { attempt: number; retryAtMs: number | null }) {
  const t = useTranslations("shell.push");
  const words = useTranslations("common");
  const format = useFormat();
  const store = useLiveStore();
  const { fleet } = useScene();
  useConsoleNow(500);
  const waitSeconds = Math.max(0, Math.ceil(((retryAtMs ?? Date.now()) - Date.now()) / 1_000));
  const sampled = fleet.servers.some((server) => server.lastSampleAtMs !== null);
  return (
    <div role="alert" className={bar}>
      <BarTitle>{t("lost")}</BarTitle>
      <span className="text-text-2" aria-live="off">
        {t(sampled ? "since" : "sinceNever", {
          time: format.clock(fleet.atMs),
          age: words("units.second", { value: waitSeconds }),
          attempt,
        })}
      </span>
      <Button size="small" className="ml-auto" onClick={() => store.retryNow()}>
        {words("retryNow")}
      </Button>
    </div>
  );
}

function BarTitle({ children }: { children: string }) {
  return (
    <span className="flex items-center gap-2 font-semibold text-warn">
      <StatusShape kind="warn" />
      {children}
    </span>
  );
}

function signInAgain(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
}
