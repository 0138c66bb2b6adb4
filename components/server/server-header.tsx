"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { ActionButtons } from "@/components/actions/action-buttons";
import { Badge } from "@/components/ui/badge";
import { ServerStatus } from "@/components/ui/status";
import { useFormat } from "@/components/ui/use-format";
import { useReasonWords } from "@/components/ui/use-reason-words";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { useOpenIncidents, useScene, useServer, useStale } from "@/lib/live/live-context";
import { ServerBreadcrumb } from "./server-breadcrumb";
import { ServerMeta } from "./server-meta";
import { ServerTabs } from "./server-tabs";
import { isSilent } from "./trouble";

const day = 86_400_000;

/** Who the server is, how it is and since when, and what can be done. A frozen view leaves the doing out. */
export function ServerHeader({ serverId }: { serverId: string }) {
  const t = useTranslations("server");
  const format = useFormat();
  const reasonWords = useReasonWords();
  const server = useServer(serverId);
  const { frozen, atMs } = useScene();
  const stale = useStale(serverId);
  if (!server) return null;
  const { sinceMs } = server;
  const reason = reasonWords(server.reason);
  // the console itself has been silent, so the state it told last is only what was
  const unheard = stale && !isSilent(server.state);
  return (
    <header className="border-b px-4 pt-3 sm:px-5">
      <ServerBreadcrumb serverId={serverId} />
      <div className="mt-1 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-0.5 max-sm:basis-full">
          <h1 className="words whitespace-nowrap text-title font-semibold tracking-[-0.018em]">
            {server.name}
          </h1>
          <ServerStatus state={unheard ? "no_data" : server.state} />
          <time className="text-text-2" hidden={unheard} dateTime={new Date(sinceMs).toISOString()}>
            {t("since", {
              time:
                atMs - sinceMs < day ? format.clock(sinceMs) : format.dateTime(sinceMs, { seconds: true }),
            })}
          </time>
          <IncidentBadges serverId={serverId} />
          {reason !== "" && <p className="basis-full text-text-2">{reason}</p>}
        </div>
        <div className="ml-auto max-sm:ml-0">
          {!frozen && <ActionButtons label={t("actions", { server: server.name })} />}
        </div>
      </div>
      <ServerMeta server={server} />
      <ServerTabs serverId={serverId} />
    </header>
  );
}

function IncidentBadges({ serverId }: { serverId: string }) {
  const incidents = useOpenIncidents(serverId);
  return incidents.slice(0, 2).map((incident) => <IncidentBadge key={incident.id} incident={incident} />);
}

function IncidentBadge({ incident }: { incident: IncidentSummary }) {
  const t = useTranslations("server.incident");
  const { frozen } = useScene();
  const badge = (
    <Badge kind={incident.status === "open" ? "crit" : "info"}>
      {t(incident.status, { id: incident.id })}
    </Badge>
  );
  if (frozen) return badge;
  return (
    <Link href={`/incidents/${incident.id}`} title={incident.title} className="rounded-badge">
      {badge}
    </Link>
  );
}
