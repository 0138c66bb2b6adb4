import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { SharedMissing } from "@/components/share/shared-missing";
import { SnapshotView } from "@/components/share/snapshot-view";
import type { Snapshot } from "@/lib/contract/console-api";
import { isCodedError } from "@/lib/errors";
import { LivePage } from "@/lib/live/live-context";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

interface Props {
  params: Promise<{ snapshotId: string }>;
}

const find = cache(async (snapshotId: string): Promise<Snapshot | "unreadable" | null> => {
  try {
    return await runtime().snapshots.find(snapshotId);
  } catch (error) {
    if (isCodedError(error) && error.code === "UNKNOWN_SNAPSHOT") return null;
    if (isCodedError(error) && error.code === "UNREADABLE_SNAPSHOT") return "unreadable";
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireCaller();
  const t = await getTranslations("share.snapshot");
  const snapshot = await find((await params).snapshotId);
  if (!snapshot || snapshot === "unreadable") return {};
  const page = t(`page.${snapshot.page}`, { server: snapshot.serverId ?? "" });
  return { title: t("label", { page }) };
}

export default async function Page({ params }: Props) {
  await requireCaller();
  const snapshot = await find((await params).snapshotId);
  if (!snapshot) notFound();
  if (snapshot === "unreadable") {
    const t = await getTranslations("share.snapshot");
    return <SharedMissing title={t("unreadable")} text={t("unreadableText")} />;
  }
  return (
    <LivePage view={{ kind: "shell" }}>
      <SnapshotView snapshot={snapshot} readOnly={false} />
    </LivePage>
  );
}
