import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PublicView } from "@/components/share/public-view";
import { runtime } from "@/server/console/runtime";

export async function generateMetadata(): Promise<Metadata> {
  return {
    title: (await getTranslations("share.public"))("shared"),
    robots: { index: false, follow: false, nocache: true },
    // The token is the key: no site that is linked to may learn it.
    referrer: "no-referrer",
  };
}

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const view = await runtime().links.open((await params).token);
  if (!view) notFound();
  return <PublicView view={view} atMs={Date.now()} />;
}
