"use client";

import { useTranslations } from "next-intl";

/** Names a few servers and counts many; none means the whole fleet. */
export function useServersText(): (serverIds: readonly string[], most?: number) => string {
  const t = useTranslations("incidents");
  return (serverIds, most = 3) => {
    if (serverIds.length === 0) return t("fleetWide");
    return serverIds.length <= most ? serverIds.join(", ") : t("servers", { count: serverIds.length });
  };
}
