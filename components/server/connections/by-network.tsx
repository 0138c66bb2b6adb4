"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { ConnectionsByNetwork } from "@/lib/contract/console-api";
import { mainShare } from "@/lib/main-share";

const shown = 6;

/** Connections by network, the idle share inside each bar. */
export function ByNetwork({ data }: { data: ConnectionsByNetwork | null }) {
  const t = useTranslations("connections.networks");
  const format = useFormat();
  const networks = data?.networks ?? [];
  const rest = networks.slice(shown);
  const others = {
    networks: (data?.others.networks ?? 0) + rest.length,
    connections: rest.reduce((sum, one) => sum + one.connections, data?.others.connections ?? 0),
    idle: rest.reduce((sum, one) => sum + one.idle, data?.others.idle ?? 0),
  };
  const most = Math.max(1, others.connections, ...networks.slice(0, shown).map((one) => one.connections));
  const idle = networks.reduce((sum, one) => sum + one.idle, data?.others.idle ?? 0);
  const main = mainShare(
    networks.map((one) => one.idle),
    idle,
  );
  return (
    <section aria-label={t("title")} className="px-5 py-3">
      <div className="flex min-h-6 items-center justify-between">
        <h2 className="font-semibold">{t("title")}</h2>
        <span className="text-label text-text-2">{t("unit")}</span>
      </div>
      {data && networks.length === 0 && <p className="text-text-2">{t("empty")}</p>}
      <ul>
        {networks.slice(0, shown).map((one) => (
          <Network key={one.network} name={one.network} mono {...one} most={most} />
        ))}
        {others.networks > 0 && (
          <Network
            name={t("others")}
            detail={t("otherNetworks", { count: others.networks })}
            {...others}
            most={most}
          />
        )}
      </ul>
      {main && (
        <p className="mt-2 text-label text-text-2">
          {t("share", { percent: format.percent(main.share), count: main.count })}
        </p>
      )}
    </section>
  );
}

function Network(props: {
  name: string;
  detail?: string;
  mono?: boolean;
  connections: number;
  idle: number;
  most: number;
}) {
  const t = useTranslations("connections.networks");
  const format = useFormat();
  const { connections, idle, most } = props;
  return (
    <li className="py-1.5" title={t("row", { network: props.name, idle, all: connections })}>
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate">
          <span className={props.mono ? "mono text-label" : "text-label"}>{props.name}</span>
          {props.detail && <span className="ml-2 text-label text-text-2">{props.detail}</span>}
        </span>
        <span className="figures whitespace-nowrap text-label">
          <span className={idle * 2 > connections ? "font-semibold text-warn" : "font-semibold"}>
            {format.number(idle)}
          </span>
          <span className="text-text-2"> / {format.number(connections)}</span>
        </span>
      </div>
      <div aria-hidden className="keep-colour mt-1 h-1 overflow-hidden rounded-bar bg-track">
        <div className="flex h-full bg-control" style={{ width: `${(connections / most) * 100}%` }}>
          <div
            className="h-full bg-warn"
            style={{ width: connections === 0 ? 0 : `${(idle / connections) * 100}%` }}
          />
        </div>
      </div>
    </li>
  );
}
