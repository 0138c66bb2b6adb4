"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Kbd } from "@/components/ui/badge";
import { useScene, useServer, useServerDetail } from "@/lib/live/live-context";
import { tabOf, tabPath } from "./server-tabs";

/** Fleet / region / name, and the neighbours in the fleet's worst-first order. */
export function ServerBreadcrumb({ serverId }: { serverId: string }) {
  const t = useTranslations("server");
  const { frozen } = useScene();
  const server = useServer(serverId);
  if (!server) return null;
  return (
    <div className="flex min-h-6 items-center gap-4 text-label text-text-2">
      <nav aria-label={t("breadcrumb")} className="min-w-0">
        <ol className="flex items-center gap-2 whitespace-nowrap">
          <li>{frozen ? t("fleet") : <FleetLink />}</li>
          <li className="flex items-center gap-2">
            <span aria-hidden>/</span>
            {server.region}
          </li>
          <li className="flex min-w-0 items-center gap-2 text-text-1" aria-current="page">
            <span aria-hidden>/</span>
            <span className="truncate">{server.name}</span>
          </li>
        </ol>
      </nav>
      {!frozen && <Neighbours />}
    </div>
  );
}

function FleetLink() {
  const t = useTranslations("server");
  return (
    <Link href="/" className="rounded-badge hover:text-text-1">
      {t("fleet")}
    </Link>
  );
}

function Neighbours() {
  const t = useTranslations("server");
  const detail = useServerDetail();
  const tab = tabOf(usePathname());
  return (
    <div className="ml-auto flex items-center gap-1.5 max-sm:hidden">
      <Neighbour id={detail?.previousServerId ?? null} label={t("previous")} tab={tab} sign="[" />
      <Neighbour id={detail?.nextServerId ?? null} label={t("next")} tab={tab} sign="]" />
      <span className="ml-1">{t("neighbours")}</span>
    </div>
  );
}

function Neighbour(props: { id: string | null; label: string; tab: ReturnType<typeof tabOf>; sign: string }) {
  const sign = <Kbd className="min-w-6">{props.sign}</Kbd>;
  if (props.id === null) {
    return (
      <span aria-hidden className="opacity-45">
        {sign}
      </span>
    );
  }
  return (
    <Link
      href={tabPath(props.id, props.tab)}
      aria-label={`${props.label}: ${props.id}`}
      title={`${props.label}: ${props.id}`}
      className="inline-flex min-h-6 items-center rounded-badge hover:text-text-1"
    >
      {sign}
    </Link>
  );
}
