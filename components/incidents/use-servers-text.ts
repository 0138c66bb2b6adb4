"use client";

import { useTranslations } from "next-intl";
import { useServerName } from "./server-names";

/** Names a few servers and counts many; none means the whole fleet. */
export function useServersText(): (serverIds: readonly string[], most?: number) => string {
  const t = useTranslations("incidents");
  const nameOf = useServerName();
  return (serverIds, most = 3) => {
    if (serverIds.length === 0) return t("fleetWide");
    return serverIds.length <= most
      ? serverIds.map(nameOf).join(", ")
      : t("servers", { count: serverIds.length });
  };
}
