"use client";

import { Link2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { LoginClock } from "@/components/login/login-corner";
import { LanguageSwitch } from "@/components/shell/language";
import { Logo } from "@/components/shell/logo";
import { ThemeSwitch } from "@/components/shell/theme-switch";
import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { copyText } from "./copy-text";

/** Around what a public link shows: no rail, no search, nothing to act on. */
export function PublicShell(props: {
  atMs: number;
  /** The coloured line under the header. */
  banner?: ReactNode;
  /** False where there is nothing to send on. */
  copyable: boolean;
  children: ReactNode;
}) {
  const t = useTranslations("share.public");
  return (
    <div className="flex min-h-dvh flex-col bg-surface-1">
      <header>
        <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-bg px-4 py-1.5 sm:px-6">
          <Logo />
          <span className="text-lead font-semibold">{t("product")}</span>
          <span aria-hidden className="mx-1 h-5 w-px bg-line-2 max-sm:hidden" />
          <span className="max-sm:hidden">
            <span className="font-semibold">{t("shared")}</span>{" "}
            <span className="text-text-2">{t("readOnly")}</span>
          </span>
          <span className="ml-auto flex items-center gap-2 text-text-2">
            <span className="max-md:hidden">
              <LoginClock atMs={props.atMs} />
            </span>
            {props.copyable && <CopyLink />}
            <LanguageSwitch />
            <ThemeSwitch />
            <Link href="/login" className={`${buttonClass()} text-text-1`} prefetch={false}>
              {t("signIn")}
            </Link>
          </span>
        </div>
        {props.banner}
      </header>
      <main className="mx-auto flex w-full max-w-[1280px] flex-1 flex-col bg-bg min-[1280px]:border-x">
        {props.children}
      </main>
    </div>
  );
}

function CopyLink() {
  const t = useTranslations("share");
  const [copied, setCopied] = useState(false);
  return (
    <Button
      className="max-sm:hidden"
      icon={<Link2 size={15} aria-hidden />}
      onClick={async () => setCopied(await copyText(Promise.resolve(location.href)))}
    >
      {t(copied ? "copied" : "public.copyLink")}
    </Button>
  );
}
