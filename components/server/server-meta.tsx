"use client";

import { Globe, Plug } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Tag } from "@/components/ui/badge";
import { classNames } from "@/components/ui/class-names";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import { useFreshness } from "@/lib/live/live-context";

/** Addresses, version, uptime, labels and the age of the newest sample, in one line. */
export function ServerMeta({ server }: { server: ServerSummary }) {
  const t = useTranslations("server.meta");
  const format = useFormat();
  const uptime = server.latest.uptime_seconds;
  const labels = Object.entries(server.labels).filter(([key]) => key !== "region");
  return (
    <dl
      aria-label={t("label")}
      className="mt-1.5 flex flex-wrap items-center gap-x-5 gap-y-1 text-label text-text-2"
    >
      {server.wsUrl !== null && (
        <Address icon={<Plug size={13} aria-hidden />} name={t("ws")} url={server.wsUrl} />
      )}
      {server.adminUrl !== "" && (
        <Address icon={<Globe size={13} aria-hidden />} name={t("http")} url={server.adminUrl} />
      )}
      {server.version !== null && <Fact name={t("version")}>{server.version}</Fact>}
      {uptime != null && (
        <Fact name={t("uptime")}>
          <span data-metric="uptime_seconds" data-server={server.id}>
            {format.duration(uptime * 1_000)}
          </span>
        </Fact>
      )}
      {labels.length > 0 && (
        <Fact name={t("labels")}>
          <span className="flex flex-wrap gap-1.5">
            {labels.map(([key, value]) => (
              <Tag key={key}>{value === "" ? key : `${key}=${value}`}</Tag>
            ))}
          </span>
        </Fact>
      )}
      <LastSample serverId={server.id} />
    </dl>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 whitespace-nowrap">
      <dt>{name}</dt>
      <dd className="m-0 font-medium text-text-1">{children}</dd>
    </div>
  );
}

/** Scheme and port: the host is in the tooltip, since most of a fleet share one. */
function Address({ icon, name, url }: { icon: ReactNode; name: string; url: string }) {
  return (
    <div className="flex items-center gap-1.5 whitespace-nowrap" title={`${name}: ${url}`}>
      <dt>
        {icon}
        <span className="sr-only">{name}</span>
      </dt>
      <dd className="mono m-0 text-text-1">{shortAddress(url)}</dd>
    </div>
  );
}

function shortAddress(url: string): string {
  const found = /^(\w+):\/\/([^/]+)/.exec(url);
  if (!found) return url;
  const port = /:(\d+)$/.exec(found[2] ?? "");
  return `${found[1]} ${port ? `:${port[1]}` : found[2]}`;
}

function LastSample({ serverId }: { serverId: string }) {
  const t = useTranslations("server.meta");
  const format = useFormat();
  const { ageMs, stale } = useFreshness(serverId);
  return (
    <div className="flex items-center gap-2 whitespace-nowrap">
      <dt>{t("lastSample")}</dt>
      <dd className={classNames("figures m-0 font-medium", stale ? "text-warn" : "text-text-1")}>
        {ageMs === null ? t("never") : format.ago(ageMs)}
      </dd>
    </div>
  );
}
