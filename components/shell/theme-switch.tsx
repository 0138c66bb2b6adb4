"use client";

import { Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "@/components/ui/button";
import { useTheme } from "@/components/ui/theme";

export function ThemeSwitch() {
  const t = useTranslations("shell.theme");
  const { theme, setTheme } = useTheme();
  const dark = theme === "dark";
  return (
    <IconButton label={dark ? t("toLight") : t("toDark")} onClick={() => setTheme(dark ? "light" : "dark")}>
      {dark ? <Moon size={16} aria-hidden /> : <Sun size={16} aria-hidden />}
    </IconButton>
  );
}
