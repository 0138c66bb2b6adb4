"use client";

import { ArrowRight, ChevronRight } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/ui/button-class";
import { StatusShape } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { useConsoleNow, useOpenIncidents } from "@/lib/live/live-context";
import { timeControlOf } from "./navigation";

/** On Fleet and Server while an incident is open; it stays live while the page is paused. */
export function IncidentBar() {
  const pathname = usePathname();
  const serverId = /^\/servers\/([^/]+)/.exec(pathname)?.[1];
  const incidents = useOpenIncidents(serverId === undefined ? undefined : decodeURIComponent(serverId));
  const worst = [...incidents].sort((a, b) => a.severity.localeCompare(b.severity))[0];
  if (!worst || timeControlOf(pathname) !== "live") return null;
  return <Bar incident={worst} more={incidents.length - 1} />;
}

function Bar({ incident, more }: { incident: IncidentSummary; more: number }) {
  const t = useTranslations();
  const format = useFormat();
  const now = useConsoleNow(1_000);
  const monitoring = incident.status === "monitoring";
  const severity = t(`common.severity.${incident.severity}`);
  const href = `/incidents/${incident.id}`;
  const tone = monitoring ? "text-accent" : "text-crit";
  return (
    <section
      aria-label={incident.id}
      className={`relative flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 border-b py-1 pr-12 pl-4 md:flex-nowrap md:px-5 ${
        monitoring ? "bg-accent-tint" : "bg-crit-tint"
      }`}
    >
      <span className={`flex items-center gap-2 whitespace-nowrap font-semibold ${tone}`}>
        <StatusShape kind={monitoring ? "info" : "crit"} />
        {monitoring ? t("shell.incident.monitoring", { severity }) : t("shell.incident.open", { severity })}
      </span>
      <span className="whitespace-nowrap font-semibold">{incident.id}</span>
      <span className="order-last w-full truncate md:order-none md:w-auto">{incident.title}</span>
      <span className="figures truncate text-text-2">
        {t("shell.incident.since", {
          age: format.duration(Math.floor((now - incident.startedAtMs) / 1_000) * 1_000),
        })}
        <span className="hidden lg:inline">
          {incident.lead && ` · ${t("shell.incident.lead", { name: incident.lead })}`}
        </span>
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-2">
        {more > 0 && (
          <Link href="/incidents" className="text-text-2 underline">
            {t("shell.incident.more", { count: more })}
          </Link>
        )}
        <Link
          href={href}
          aria-label={t("shell.incident.openIncident")}
          className="absolute top-1/2 right-1 flex size-11 -translate-y-1/2 items-center justify-center md:hidden"
        >
          <ChevronRight size={16} aria-hidden />
        </Link>
        <Link href={href} className={`${buttonClass("neutral", "small")} hidden! md:inline-flex!`}>
          <ArrowRight size={14} aria-hidden />
          {t("shell.incident.openIncident")}
        </Link>
      </span>
    </section>
  );
}
