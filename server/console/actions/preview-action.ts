import {
  type ActionKind,
  type ActionPreview,
  type CleanupMatch,
  cleanupMatchSchema,
} from "../../../lib/contract/console-api";
import { serviceRoutes } from "../../../lib/contract/routes";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import type { ActionDeps } from "./actions";
import { authorise } from "./authorise";
import { followJob } from "./follow-job";
import type { Previews } from "./previews";

/** Asks the member what the action would do; changes nothing on it. */
export async function previewAction(
  deps: ActionDeps,
  previews: Previews,
  caller: Caller,
  serverId: string,
  kind: ActionKind,
  match: CleanupMatch | undefined,
): Promise<ActionPreview> {
  const { audit, fleet, now } = deps;
  await authorise(audit, caller, "operator", { what: `action.${kind}.preview`, target: serverId });
  const member = fleet.member(serverId);
  const options = { requestedBy: caller.name, timeoutMs: 30_000 };
  const stats = await member.call(serviceRoutes.stats, {}, options);
  const preview: Omit<ActionPreview, "previewId"> = {
    atMs: now(),
    kind,
    serverId,
    activeConnections: stats.connections.active_connections,
    cleanup: null,
    reload: null,
    memory: null,
  };
  if (kind === "cleanup-connections") {
    const wanted = parseInput(cleanupMatchSchema, match ?? {});
    const body = { ...wanted, dry_run: true };
    const job = await member.call(serviceRoutes.cleanupConnections, { body }, options);
    const ended = await followJob(deps, member, job, { requestedBy: caller.name });
    return previews.keep({ ...preview, atMs: now(), cleanup: ended.result }, wanted);
  }
  if (kind === "reload-config") {
    const body = { dry_run: true };
    const reload = await member.call(serviceRoutes.reloadConfig, { body }, options);
    return previews.keep({ ...preview, reload }, null);
  }
  const gc = await member.call(serviceRoutes.gcStats, {}, options);
  const memory = {
    rssBytes: stats.memory.rss_bytes,
    heapUsedBytes: stats.memory.heap_used_bytes,
    externalBytes: stats.memory.external_bytes,
    lastFullGcHeapBytes: gc.heap_after_full_gc_bytes,
  };
  return previews.keep({ ...preview, memory }, null);
}
