import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { FleetPage } from "@/components/fleet/fleet-page";
import { LivePage } from "@/lib/live/live-context";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell.nav"))("fleet") };
}

export default async function Page() {
  await requireCaller();
  return (
    <LivePage view={{ kind: "fleet" }} fleet={runtime().fleet.snapshot()}>
      <FleetPage />
    </LivePage>
  );
}
