"use client";

import { useTranslations } from "next-intl";
import { Kbd } from "@/components/ui/badge";
import { Dialog } from "@/components/ui/dialog";
import { type Shortcut, useAllShortcuts } from "./shortcuts";

/** All keys that work here, and no others. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell.keys");
  const shortcuts = useAllShortcuts();
  const own = shortcuts.filter((shortcut) => shortcut.scope !== "everywhere");
  const everywhere = shortcuts.filter(
    (shortcut) =>
      shortcut.scope === "everywhere" &&
      !own.some(({ keys }) => keys.some((key) => shortcut.keys.includes(key))),
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} width={420}>
      {own.length > 0 && <Keys title={t("thisPage")} shortcuts={own} />}
      <Keys title={t("everywhere")} shortcuts={everywhere} />
    </Dialog>
  );
}

function Keys({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  return (
    <>
      <h3 className="pt-2 pb-1 text-label text-text-2">{title}</h3>
      <dl>
        {shortcuts.map((shortcut) => (
          <div key={shortcut.print.join()} className="flex h-8 items-center gap-3 border-t">
            <dt className="flex w-24 gap-1">
              {shortcut.print.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd className="first-letter:uppercase">{shortcut.label}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
