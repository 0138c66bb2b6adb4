"use client";

import { Link2 } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { useCaller } from "@/components/shell/caller";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { shareSubjectOf } from "./share-subject";

const load = () => import("./share-panel");
const SharePanel = lazy(() => load().then((module) => ({ default: module.SharePanel })));

/** Gives a link to what is on screen. It stands in the top bar and is not drawn where nothing can be shared. */
export function ShareButton(props: { size?: "normal" | "small" | "touch"; className?: string }) {
  const t = useTranslations("share");
  const [open, setOpen] = useState(false);
  const pathname = usePathname();
  const subject = shareSubjectOf(pathname);
  const caller = useCaller();
  if (!subject || !caller) return null;
  const title =
    subject.kind === "incident"
      ? t("titleIncident", { id: subject.incidentId })
      : t(subject.kind === "snapshot" ? "titleSnapshot" : "title");
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={title}
      width={404}
      trigger={
        <Button
          size={props.size}
          className={props.className}
          icon={<Link2 size={15} aria-hidden />}
          onPointerEnter={load}
          onFocus={load}
        >
          {t("button")}
        </Button>
      }
    >
      <Suspense fallback={<div className="h-64" aria-busy />}>
        <SharePanel
          key={pathname}
          subject={subject}
          title={title}
          caller={caller}
          onClose={() => setOpen(false)}
        />
      </Suspense>
    </Popover>
  );
}
