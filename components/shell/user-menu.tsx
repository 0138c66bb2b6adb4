"use client";

import { LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { useCaller } from "./caller";
import { signOut } from "./sign-out";

export function UserMenu() {
  const t = useTranslations();
  const caller = useCaller();
  if (!caller) return null;
  const role = t(`common.role.${caller.role}`);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("shell.user.menu", { name: caller.name, role })}
          className="words flex size-7 items-center justify-center rounded-control border border-line-2 bg-surface-2 text-axis font-semibold"
        >
          {initials(caller.name)}
        </button>
      }
    >
      <MenuLabel>{t("shell.user.signedInAs", { name: caller.name })}</MenuLabel>
      <MenuLabel>{role}</MenuLabel>
      <MenuSeparator />
      <MenuItem icon={<LogOut size={15} aria-hidden />} onSelect={() => void signOut()}>
        {t("shell.user.signOut")}
      </MenuItem>
    </Menu>
  );
}

/** "Mei Lin" and "mei.lin" are ML, "admin" is AD, 林梅 is 林. */
function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const first = words[0] ?? name;
  if (/^\p{Script=Han}/u.test(first)) return first.slice(0, 1);
  const second = words[1];
  return (second ? first.slice(0, 1) + second.slice(0, 1) : first.slice(0, 2)).toUpperCase();
}
