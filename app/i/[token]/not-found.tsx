import { getTranslations } from "next-intl/server";
import { PublicShell } from "@/components/share/public-shell";
import { SharedMissing } from "@/components/share/shared-missing";

/** The same for a link that never was, has expired or was revoked. */
export default async function NotFound() {
  const t = await getTranslations("share.public");
  return (
    <PublicShell atMs={Date.now()} copyable={false}>
      <SharedMissing title={t("goneTitle")} text={t("goneText")} />
    </PublicShell>
  );
}
