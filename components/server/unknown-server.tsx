"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/ui/button-class";

/** What stands under the address of a server that the fleet doesn't hold. */
export function UnknownServer() {
  const t = useTranslations("server.notFound");
  return (
    <div className="flex flex-col items-center gap-1 px-5 py-24 text-center">
      <h1 className="text-dialog font-semibold">{t("title")}</h1>
      <p className="text-text-2">{t("text")}</p>
      <Link href="/" className={`${buttonClass()} mt-3`}>
        {t("back")}
      </Link>
    </div>
  );
}
