"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Count } from "@/components/ui/badge";
import { classNames } from "@/components/ui/class-names";
import { useFormat } from "@/components/ui/use-format";
import { useScene, useServer } from "@/lib/live/live-context";

export const serverTabs = ["overview", "connections"] as const;
export type ServerTab = (typeof serverTabs)[number];

export function tabPath(serverId: string, tab: ServerTab): string {
  const path = `/servers/${encodeURIComponent(serverId)}`;
  return tab === "overview" ? path : `${path}/${tab}`;
}

export function tabOf(pathname: string): ServerTab {
  return pathname.endsWith("/connections") ? "connections" : "overview";
}

/** Only pages with something behind them. A frozen view is of one page, so it has no tabs. */
export function ServerTabs({ serverId }: { serverId: string }) {
  const t = useTranslations("server.tabs");
  const { frozen } = useScene();
  const server = useServer(serverId);
  const chosen = tabOf(usePathname());
  if (frozen || !server) return <div className="h-3" />;
  return (
    <nav aria-label={t("label", { server: server.name })} className="-mb-px mt-1 overflow-x-auto">
      <ul className="flex h-[38px] gap-5">
        {serverTabs.map((tab) => (
          <li key={tab} className="flex">
            <Link
              href={tabPath(serverId, tab)}
              aria-current={tab === chosen ? "page" : undefined}
              className={classNames(
                "flex items-center gap-2 whitespace-nowrap border-b-2",
                tab === chosen
                  ? "border-text-1 font-semibold text-text-1"
                  : "border-transparent text-text-2 hover:text-text-1",
              )}
            >
              {t(tab)}
              {tab === "connections" && <ConnectionCount serverId={serverId} />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ConnectionCount({ serverId }: { serverId: string }) {
  const format = useFormat();
  const count = useServer(serverId)?.latest.active_connections ?? null;
  if (count === null) return null;
  return (
    <Count>
      <span data-metric="active_connections" data-server={serverId}>
        {format.number(count)}
      </span>
    </Count>
  );
}
