"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Snapshot } from "@/lib/contract/console-api";
import { StorageNote } from "./storage-note";

/** Above a stored view: who froze it and when, of which samples it is a copy, and to which incident it belongs. */
export function SnapshotNote({ snapshot }: { snapshot: Snapshot }) {
  const t = useTranslations("share.snapshot");
  const format = useFormat();
  return (
    <div
      role="note"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b bg-accent-tint px-5 py-2 text-label"
    >
      <span className="font-semibold">
        {t("takenBy", {
          name: snapshot.takenBy,
          time: format.dateTime(snapshot.takenAtMs, { seconds: true }),
        })}
      </span>
      <StorageNote fromMs={snapshot.fromMs} toMs={snapshot.toMs} stepMs={snapshot.samples.stepMs} />
      {snapshot.incidentId && (
        <Link
          href={`/incidents/${snapshot.incidentId}`}
          className="ml-auto font-medium text-accent hover:underline"
        >
          {t("incident", { id: snapshot.incidentId })}
        </Link>
      )}
    </div>
  );
}
