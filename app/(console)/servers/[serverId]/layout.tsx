import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ServerFrame } from "@/components/server/server-frame";
import { isCodedError } from "@/lib/errors";
import { LivePage } from "@/lib/live/live-context";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

export default async function ServerLayout(props: {
  params: Promise<{ serverId: string }>;
  children: ReactNode;
}) {
  await requireCaller();
  const serverId = decodeURIComponent((await props.params).serverId);
  const detail = findServer(serverId);
  return (
    <LivePage view={{ kind: "server", serverId }} detail={detail}>
      <ServerFrame serverId={serverId}>{props.children}</ServerFrame>
    </LivePage>
  );
}

function findServer(serverId: string) {
  try {
    return runtime().fleet.server(serverId);
  } catch (error) {
    if (isCodedError(error) && error.code === "UNKNOWN_SERVER") notFound();
    throw error;
  }
}
