import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BrokenLine } from "@/components/login/broken-line";
import { describeDestination, safeDestination } from "@/components/login/destination";
import { LoginClock } from "@/components/login/login-corner";
import { LoginForm } from "@/components/login/login-form";
import { LanguageSwitch } from "@/components/shell/language";
import { Logo } from "@/components/shell/logo";
import { ThemeSwitch } from "@/components/shell/theme-switch";
import { StatusShape } from "@/components/ui/status-shape";
import { currentCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("login"))("title") };
}

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const { next } = await searchParams;
  const destination = safeDestination(typeof next === "string" ? next : undefined);
  if (await currentCaller()) redirect(destination);
  const t = await getTranslations();
  const { page, ...names } = describeDestination(destination);
  const { version, stopping } = runtime();
  return (
    <div className="relative flex min-h-dvh flex-col">
      <header className="flex items-center gap-2 px-6 py-5">
        <Logo />
        <span className="text-lead font-semibold">{t("shell.product")}</span>
        <span className="ml-auto flex items-center gap-1">
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main className="relative flex flex-1 items-center justify-center px-5 py-8">
        <BrokenLine />
        <div className="relative w-full max-w-[296px]">
          <h1 className="text-stat font-semibold tracking-[-0.018em]">{t("login.title")}</h1>
          <p className="text-text-2">
            {t.rich("login.destination", {
              page: t(`login.${page}`, names as Record<string, string>),
              b: (chunks) => <b className="font-semibold text-text-1">{chunks}</b>,
            })}
          </p>
          <LoginForm destination={destination} />
          <p className="mt-6 border-t pt-4 text-label text-text-2">{t("login.publicLinks")}</p>
        </div>
      </main>
      <footer className="flex items-center gap-4 px-6 py-5 text-label text-text-2">
        {!stopping() && (
          <span className="flex items-center gap-2">
            <StatusShape kind="ok" size={8} />
            {t("login.operational")}
          </span>
        )}
        <span className="ml-auto">
          <LoginClock atMs={Date.now()} />
        </span>
        <span>{t("login.version", { version })}</span>
      </footer>
    </div>
  );
}
