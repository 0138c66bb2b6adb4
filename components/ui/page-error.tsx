"use client";

import { useTranslations } from "next-intl";
import { Button } from "./button";

/** What Next shows in place of a page that could not be built. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations("shell.error");
  return (
    <div
      role="alert"
      className="flex min-h-80 flex-1 flex-col items-center justify-center gap-1 p-5 text-center"
    >
      <h1 className="text-dialog font-semibold">{t("title")}</h1>
      <p className="text-text-2">{t("text")}</p>
      {error.digest && (
        <p className="mono text-label text-text-3">{t("reference", { digest: error.digest })}</p>
      )}
      <Button className="mt-3" onClick={reset}>
        {t("retry")}
      </Button>
    </div>
  );
}
