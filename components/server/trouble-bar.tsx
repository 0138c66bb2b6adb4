"use client";

import { useTranslations } from "next-intl";
import { Status, statusKindOf } from "@/components/ui/status";
import { useFormat } from "@/components/ui/use-format";
import { useConsoleNow, useScene, useServer } from "@/lib/live/live-context";
import { isSilent } from "./trouble";

/** Says that the server tells nothing new, since when, and how old the values on screen are. */
export function TroubleBar({ serverId }: { serverId: string }) {
  const t = useTranslations("server.trouble");
  const units = useTranslations("common.units");
  const format = useFormat();
  const server = useServer(serverId);
  const { fleet, frozen } = useScene();
  const now = useConsoleNow();
  if (!server || !isSilent(server.state)) return null;
  const { lastSampleAtMs: lastMs } = server;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b bg-crit-tint px-4 py-2 sm:px-5"
    >
      <Status kind={statusKindOf(server.state)}>
        {t(server.state, { time: format.clock(server.sinceMs) })}
      </Status>
      <span className="figures text-text-2">
        {lastMs === null
          ? t("noValues")
          : t("lastValues", { time: format.clock(lastMs), age: format.duration(Math.max(0, now - lastMs)) })}
      </span>
      {!frozen && (
        <span className="figures text-text-2">
          {t("next", { interval: units("second", { value: format.compact(fleet.stepMs / 1_000) }) })}
        </span>
      )}
    </div>
  );
}
