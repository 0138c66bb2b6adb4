"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { useTheme } from "@/components/ui/theme";
import { useCaller } from "./caller";
import { useLanguage } from "./language";
import { destinations, isCurrent } from "./navigation";
import { signOut } from "./sign-out";

const item = "flex h-full flex-1 flex-col items-center justify-center gap-0.5 text-axis";

/** The rail of a phone. What has no room in the top bar stands under More. */
export function BottomBar() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  const caller = useCaller();
  const { theme, setTheme } = useTheme();
  const language = useLanguage();
  return (
    <nav aria-label={t("nav.label")} className="flex h-14 shrink-0 border-t bg-surface-1 md:hidden">
      {destinations.map(({ name, href, icon: Icon }) => {
        const current = isCurrent(href, pathname);
        return (
          <Link
            key={name}
            href={href}
            aria-current={current ? "page" : undefined}
            className={`${item} border-t-2 ${current ? "border-text-1 font-medium" : "border-transparent text-text-2"}`}
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden />
            {t(`nav.${name}`)}
          </Link>
        );
      })}
      <Menu
        trigger={
          <button type="button" className={`${item} text-text-2`}>
            <MenuIcon size={20} strokeWidth={1.75} aria-hidden />
            {t("nav.more")}
          </button>
        }
      >
        {caller && <MenuLabel>{t("user.signedInAs", { name: caller.name })}</MenuLabel>}
        <MenuItem onSelect={() => setTheme(theme === "dark" ? "light" : "dark")}>
          {theme === "dark" ? t("theme.toLight") : t("theme.toDark")}
        </MenuItem>
        <MenuItem onSelect={language.toggle}>{t(`language.${language.other}`)}</MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => void signOut()}>{t("user.signOut")}</MenuItem>
      </Menu>
    </nav>
  );
}
