"use client";

import { useLocale, useMessages } from "next-intl";
import { useMemo } from "react";
import { createFormat, type Format } from "@/lib/format";

/** Figures and times in the reader's language. */
export function useFormat(): Format {
  const locale = useLocale();
  const { common } = useMessages();
  return useMemo(() => createFormat(locale, common.units), [locale, common.units]);
}
