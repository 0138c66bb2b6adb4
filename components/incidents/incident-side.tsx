"use client";

import { Camera } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useStoredWindow } from "@/components/share/use-stored-window";
import { useFormat } from "@/components/ui/use-format";
import type { Incident } from "@/lib/contract/console-api";
import { Cause } from "./cause";
import { useServerName } from "./server-names";
import { useServersText } from "./use-servers-text";
import { WhatWorked } from "./what-worked";

/** Impact as far as it is measured, cause, what the actions did, and the snapshots. */
export function IncidentSide(props: { incident: Incident; mayChange: boolean; readOnly: boolean }) {
  const { incident } = props;
  return (
    <>
      <Impact incident={incident} />
      <div className="border-t">
        <Cause incident={incident} mayChange={props.mayChange} />
      </div>
      <WhatWorked timeline={incident.timeline} />
      {!props.readOnly && <SnapshotList incident={incident} />}
    </>
  );
}

function Impact({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const format = useFormat();
  const serversText = useServersText();
  const { startedAtMs, mitigatedAtMs, resolvedAtMs } = incident;
  const endMs = mitigatedAtMs ?? resolvedAtMs;
  const from = format.clock(startedAtMs);
  return (
    <section className="px-5 py-3">
      <h2 className="text-lead font-semibold">{t("impact")}</h2>
      <dl className="mt-1 grid grid-cols-[88px_1fr] gap-y-1.5">
        <dt className="text-text-2">{t("duration")}</dt>
        <dd>
          {endMs === null
            ? t("durationOpen", { from: `${format.dateTime(startedAtMs, { seconds: true })} UTC` })
            : t("durationValue", {
                duration: format.duration(endMs - startedAtMs),
                from,
                to: format.clock(endMs),
              })}
        </dd>
        <dt className="text-text-2">{t("servers")}</dt>
        <dd className="words break-words">{serversText(incident.serverIds, 12)}</dd>
      </dl>
    </section>
  );
}

function SnapshotList({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const pages = useTranslations("share.snapshot.page");
  const windowWords = useStoredWindow();
  const nameOf = useServerName();
  return (
    <section className="border-t px-5 py-3">
      <h2 className="text-lead font-semibold">{t("snapshots")}</h2>
      {incident.snapshots.length === 0 && <p className="mt-1 text-text-2">{t("noSnapshots")}</p>}
      <ul className="mt-1">
        {incident.snapshots.map((snapshot) => {
          const { from, to, date } = windowWords({ ...snapshot, stepMs: 1_000 });
          return (
            <li key={snapshot.id} className="flex items-start gap-2 py-1">
              <Camera size={14} className="mt-0.5 shrink-0 text-text-3" aria-hidden />
              <div className="min-w-0">
                <Link href={`/snapshots/${snapshot.id}`} className="words text-accent hover:underline">
                  {pages(snapshot.page, { server: nameOf(snapshot.serverId ?? "") })}
                </Link>
                <p className="text-label text-text-2">
                  {t("snapshotRow", { from, to, date })} · {t("by", { name: snapshot.takenBy })}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
