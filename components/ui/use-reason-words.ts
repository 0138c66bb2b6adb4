"use client";

import { useTranslations } from "next-intl";
import type { StateReason } from "@/lib/contract/console-api";

/** Why a server is in its state, in words; empty while there is nothing to say. */
export function useReasonWords(): (reason: StateReason | null) => string {
  const t = useTranslations("health");
  return (reason) => {
    if (!reason) return "";
    const code = reason.code as Parameters<typeof t>[0];
    return t.has(code) ? t(code, reason.params as never) : reason.code;
  };
}
