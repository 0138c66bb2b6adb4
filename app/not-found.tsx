import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { buttonClass } from "@/components/ui/button-class";

export default async function NotFound() {
  const t = await getTranslations("shell.notFound");
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-1 p-5 text-center">
      <h1 className="text-dialog font-semibold">{t("title")}</h1>
      <p className="text-text-2">{t("text")}</p>
      <Link href="/" className={`${buttonClass()} mt-3`}>
        {t("back")}
      </Link>
    </main>
  );
}
