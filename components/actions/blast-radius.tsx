"use client";

import { CircleGauge, Clock, Network, Server, Undo2, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/ui/use-format";
import type { ActionKind, ActionPreview } from "@/lib/contract/console-api";
import { mainShare } from "@/lib/main-share";

/** Who else feels it. Facts only: nothing here is guessed. */
export function BlastRadius(props: {
  kind: ActionKind;
  preview: ActionPreview | null;
  ageMs: number | null;
}) {
  const t = useTranslations("actions.blast");
  const format = useFormat();
  const { kind, preview, ageMs } = props;
  const cleanup = preview?.cleanup ?? null;
  const main =
    cleanup &&
    mainShare(
      cleanup.by_ip.map((address) => address.connections),
      cleanup.candidates.total,
    );
  return (
    <>
      <h3 className="mb-1 font-semibold">{t("title")}</h3>
      <ul className="flex flex-col gap-1.5">
        <Fact icon={<Server size={14} aria-hidden />}>{t("oneServer")}</Fact>
        {cleanup && cleanup.candidates.total > 0 && (
          <Fact icon={<Unplug size={14} aria-hidden />}>
            {t("kinds", {
              idle: cleanup.candidates.idle,
              stuck: cleanup.candidates.stuck,
              listed: cleanup.candidates.listed,
            })}
          </Fact>
        )}
        {main && (
          <Fact icon={<Network size={14} aria-hidden />}>
            {t("addresses", { percent: format.percent(main.share), count: main.count })}
          </Fact>
        )}
        {kind === "force-gc" && preview && (
          <Fact icon={<CircleGauge size={14} aria-hidden />}>
            {t("pause", { count: preview.activeConnections ?? 0 })}
          </Fact>
        )}
        <Fact icon={<Undo2 size={14} aria-hidden />}>{t(`undo.${kind}`)}</Fact>
        <Fact icon={<Clock size={14} aria-hidden />} quiet>
          {preview === null
            ? t("reading")
            : ageMs === null
              ? t("readingAgain", { time: format.clock(preview.atMs) })
              : t("previewAt", { time: format.clock(preview.atMs), age: format.ago(Math.floor(ageMs)) })}
        </Fact>
      </ul>
    </>
  );
}

function Fact({ icon, quiet, children }: { icon: ReactNode; quiet?: boolean; children: ReactNode }) {
  return (
    <li className={`flex gap-2.5 ${quiet ? "figures text-text-2" : ""}`}>
      <span className="mt-0.5 shrink-0 text-text-2">{icon}</span>
      <span className="min-w-0">{children}</span>
    </li>
  );
}
