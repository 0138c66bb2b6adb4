"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useFormat } from "@/components/ui/use-format";
import type { Link } from "@/lib/contract/console-api";
import { useConsoleNow } from "@/lib/live/live-context";
import { failureCode } from "@/lib/query/fetch-json";
import { linksQuery } from "@/lib/query/snapshots";
import type { ShareSubject } from "./share-subject";
import { useRevokeLink } from "./use-revoke-link";

/** Public links that still open: those of this snapshot or incident, or all of them on a live view. */
export function LiveLinks(props: { subject: ShareSubject; needsRole: string | null }) {
  const t = useTranslations("share.links");
  const errors = useTranslations("errors");
  const format = useFormat();
  const [shown, setShown] = useState(false);
  const { data, error } = useQuery(linksQuery(filterOf(props.subject)));
  const now = useConsoleNow();
  if (error)
    return (
      <p role="alert" className="text-label text-crit">
        {t("failed")}. {errors(failureCode(error))}
      </p>
    );
  if (!data) return <div className="h-6" aria-busy />;
  const live = data.links.filter((link) => link.revokedAtMs === null && link.expiresAtMs > now);
  const lastOpened = live.reduce((newest, link) => Math.max(newest, link.lastOpenedAtMs ?? 0), 0);
  return (
    <>
      <div className="flex min-h-6 items-center gap-2 text-label text-text-2">
        <p className="flex-1">
          {live.length === 0
            ? t("none")
            : lastOpened > 0
              ? t("liveOpened", { count: live.length, time: format.dateTime(lastOpened) })
              : t("liveNever", { count: live.length })}
        </p>
        {live.length > 0 && (
          <button
            type="button"
            aria-expanded={shown}
            className="min-h-6 text-accent hover:underline"
            onClick={() => setShown(!shown)}
          >
            {t(shown ? "hide" : "manage")}
          </button>
        )}
      </div>
      {shown && (
        <ul aria-label={t("heading")} className="mt-1">
          {live.map((link) => (
            <LiveLink key={link.id} link={link} needsRole={props.needsRole} />
          ))}
        </ul>
      )}
    </>
  );
}

function LiveLink({ link, needsRole }: { link: Link; needsRole: string | null }) {
  const t = useTranslations("share.links");
  const format = useFormat();
  const revoke = useRevokeLink();
  const what = link.target.kind === "incident" ? link.target.incidentId : t("snapshot");
  const time = format.dateTime(link.expiresAtMs);
  return (
    <li className="flex items-center gap-2 border-line-2 border-t py-1.5 text-label">
      <div className="min-w-0 flex-1">
        <p className="truncate">{t("row", { what, time })}</p>
        <p className="truncate text-text-3">
          {link.lastOpenedAtMs === null
            ? t("notOpened")
            : t("opened", { time: format.dateTime(link.lastOpenedAtMs) })}
          {" · "}
          {t("by", { name: link.createdBy })}
        </p>
      </div>
      <Button
        size="small"
        disabled={needsRole !== null}
        title={needsRole ?? undefined}
        aria-label={t("revokeNamed", { what, time })}
        running={revoke.isPending && t("revoking")}
        onClick={() => revoke.mutate(link.id)}
      >
        {t("revoke")}
      </Button>
    </li>
  );
}

function filterOf(subject: ShareSubject): { snapshotId?: string; incidentId?: string } {
  if (subject.kind === "snapshot") return { snapshotId: subject.snapshotId };
  if (subject.kind === "incident") return { incidentId: subject.incidentId };
  return {};
}
