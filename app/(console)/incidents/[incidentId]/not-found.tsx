import { getTranslations } from "next-intl/server";
import { SharedMissing } from "@/components/share/shared-missing";

export default async function NotFound() {
  const t = await getTranslations("incidents.page");
  return (
    <SharedMissing
      title={t("missing")}
      text={t("missingText")}
      to={{ href: "/incidents", label: t("toList") }}
    />
  );
}
