"use client";

import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { type Locale, localeCookie } from "@/lib/i18n/locales";

/** The language in use, the other one, and the switch, which keeps everything on screen. */
export function useLanguage(): { language: Locale; other: Locale; toggle: () => void } {
  const language = useLocale();
  const router = useRouter();
  const other: Locale = language === "en" ? "zh-CN" : "en";
  const toggle = useCallback(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
    document.cookie = `${localeCookie}=${other}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [other, router]);
  return { language, other, toggle };
}

export function LanguageSwitch() {
  const t = useTranslations("shell.language");
  const { language, toggle } = useLanguage();
  const on = "font-semibold text-text-1";
  return (
    <button
      type="button"
      onClick={toggle}
      aria-label={t("label", { language: t(language) })}
      className="h-8 rounded-control px-1.5 text-label text-text-2 hover:bg-surface-2"
    >
      <span className={language === "en" ? on : ""}>EN</span> /{" "}
      <span className={language === "zh-CN" ? on : ""}>中</span>
    </button>
  );
}
