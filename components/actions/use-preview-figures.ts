"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { ActionKind, ActionPreview } from "@/lib/contract/console-api";
import { shareOfServer } from "./can-confirm";

export interface PreviewFigure {
  key: string;
  value: string;
  label: string;
  context: string;
}

/** The four figures of a preview; dashes while it is still to come. */
export function usePreviewFigures(kind: ActionKind, preview: ActionPreview | null): PreviewFigure[] {
  const t = useTranslations("actions.figures");
  const format = useFormat();
  const figure = (key: string, value: string, label: string, context = ""): PreviewFigure => ({
    key,
    value,
    label,
    context,
  });

  if (kind === "cleanup-connections") {
    const result = preview?.cleanup ?? null;
    const total = result?.candidates.total ?? null;
    const active = preview?.activeConnections ?? null;
    const share = shareOfServer(preview);
    return [
      figure(
        "close",
        format.number(total),
        t("close"),
        share === null ? "" : t("share", { percent: format.percent(share, 1) }),
      ),
      figure("buffered", format.bytesText(result?.buffered_bytes), t("buffered")),
      figure("queued", format.number(result?.queued_messages), t("queued")),
      figure(
        "stay",
        format.number(total === null || active === null ? null : Math.max(0, active - total)),
        t("stay"),
        active === null ? "" : t("ofActive", { count: active }),
      ),
    ];
  }
  if (kind === "reload-config") {
    const result = preview?.reload ?? null;
    const hot = result?.changes.filter((change) => change.hot).length;
    return [
      figure("changes", format.number(result?.changes.length), t("changes")),
      figure("hot", format.number(hot), t("hot")),
      figure(
        "restart",
        format.number(result && hot !== undefined ? result.changes.length - hot : null),
        t("restart"),
      ),
      figure("mistakes", format.number(result?.mistakes.length), t("mistakes")),
    ];
  }
  const memory = preview?.memory ?? null;
  return [
    figure("heap", format.bytesText(memory?.heapUsedBytes), t("heap")),
    figure("external", format.bytesText(memory?.externalBytes), t("external")),
    figure("rss", format.bytesText(memory?.rssBytes), t("rss")),
    figure(
      "lastFull",
      format.bytesText(memory?.lastFullGcHeapBytes),
      t("lastFull"),
      memory && memory.lastFullGcHeapBytes === null ? t("noFullGc") : "",
    ),
  ];
}
