import type { SearchParams } from "nuqs/server";
import { listQuery, loadConnectionFilter, pageRows } from "@/components/server/connections/connection-filter";
import { ServerConnections } from "@/components/server/connections/server-connections";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

/** A member that is slow to list must not hold up the page. */
const patienceMs = 700;

export default async function ConnectionsPage(props: {
  params: Promise<{ serverId: string }>;
  searchParams: Promise<SearchParams>;
}) {
  await requireCaller();
  const serverId = decodeURIComponent((await props.params).serverId);
  const query = listQuery(await loadConnectionFilter(props.searchParams));
  const read = runtime()
    .fleet.connections(serverId, { ...query, offset: 0, limit: pageRows })
    // The browser asks again and says what is wrong.
    .catch(() => null);
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null));
  const page = await Promise.race([read, late]);
  return <ServerConnections serverId={serverId} initial={page && { query, page }} />;
}
