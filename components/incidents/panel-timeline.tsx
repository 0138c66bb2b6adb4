"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Incident } from "@/lib/contract/console-api";
import { EntryIcon } from "./timeline-entry-row";
import { useEntryTitle } from "./use-entry-title";

const shown = 3;

export function PanelTimeline({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.panel");
  const format = useFormat();
  const titleOf = useEntryTitle();
  return (
    <section className="px-5 py-3">
      <header className="flex items-baseline justify-between gap-2">
        <h3 className="font-semibold">{t("last")}</h3>
        <Link href={`/incidents/${incident.id}`} className="text-label text-accent hover:underline">
          {t("all", { count: incident.timeline.length })}
        </Link>
      </header>
      <ul className="mt-1">
        {incident.timeline.slice(0, shown).map((entry) => (
          <li key={entry.id} className="flex items-center gap-2.5 py-1">
            <span className="flex w-5 shrink-0 justify-center text-text-2">
              <EntryIcon entry={entry} />
            </span>
            <time className="shrink-0 text-text-2">{format.clock(entry.atMs)}</time>
            <span className="truncate" title={entry.text ?? undefined}>
              {titleOf(entry)} · {entry.by}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
