"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Logo } from "./logo";
import { destinations, isCurrent } from "./navigation";

export function Rail() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  return (
    <nav
      aria-label={t("nav.label")}
      className="hidden w-16 shrink-0 flex-col items-center border-r bg-surface-1 md:flex"
    >
      <Link href="/" aria-label={t("product")} className="flex h-12 w-full items-center justify-center">
        <Logo />
      </Link>
      <ul className="flex w-full flex-col items-center gap-1 pt-1">
        {destinations.map(({ name, href, icon: Icon }) => {
          const current = isCurrent(href, pathname);
          return (
            <li key={name} className="relative flex w-full justify-center">
              {current && <span aria-hidden className="absolute inset-y-2 left-0 w-0.5 bg-text-1" />}
              <Link
                href={href}
                aria-current={current ? "page" : undefined}
                className={`flex h-12 w-14 flex-col items-center justify-center gap-0.5 rounded-control text-axis ${
                  current ? "bg-surface-2 font-medium text-text-1" : "text-text-2 hover:bg-surface-2"
                }`}
              >
                <Icon size={18} strokeWidth={1.75} aria-hidden />
                {t(`nav.${name}`)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
