import { ServerOverview } from "@/components/server/overview/server-overview";
import { requireCaller } from "@/server/console/auth/current-caller";

export default async function ServerPage({ params }: { params: Promise<{ serverId: string }> }) {
  await requireCaller();
  return <ServerOverview serverId={decodeURIComponent((await params).serverId)} />;
}
