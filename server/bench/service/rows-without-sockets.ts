import { Hono } from "hono";
import { connections as listConnections } from "../../websocket-server/admin/connections";
import type { ConnectionOptions } from "../../websocket-server/connections/connection";
import { Connections } from "../../websocket-server/connections/connections";
import { createLocalShard } from "../../websocket-server/shards/local-shard";
import { createReplica } from "../../websocket-server/topics/replica";

export const rowsListed = 100_000;
const queries = [{}, { sort: "idle_time", order: "desc" }, { sort: "id" }, { q: "linux", sort: "remote_ip" }];
const rounds = 3;

type Handler = typeof listConnections;

/**
 * As many connections as few machines have descriptors for: the service's own objects over sockets that are none.
 * Says the longest time that the event loop had to wait for its turn while they were listed.
 */
export async function measureRowsWithoutSockets(): Promise<void> {
  const settings = () => ({ "heartbeat.timeout": 30 }) as never;
  const replica = createReplica({ settings, epoch: "bench", fedBySource: () => true });
  const silent = () => {};
  const logger = { debug: silent, info: silent, warn: silent, error: silent, critical: silent };
  const connections = new Connections({ ...replica, logger, maxBytes: () => 0 });
  const ws = { on: silent, once: silent, readyState: 1, OPEN: 1 } as unknown as ConnectionOptions["ws"];
  const socket = {} as ConnectionOptions["socket"];
  for (let i = 0; i < rowsListed; i++) {
    const remoteIp = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    const userAgent = `Mozilla/5.0 (X11; Linux x86_64) bench/${i % 50}`;
    connections.add({ ws, socket, remoteIp, remotePort: i & 65_535, userAgent, origin: null });
  }
  const parts = { worker: "main", settings, connections, ...replica };
  const shard = createLocalShard({ ...parts, ...replica, heartbeat: {} as never, gate: {} as never });
  const service = { shards: () => [shard] };
  const longest: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let longestOfRound = 0;
    for (const query of queries) {
      const app = new Hono().get("/", async (http) => {
        const call = { service, query, http } as unknown as Parameters<Handler>[0];
        return (await listConnections(call)) as Response;
      });
      longestOfRound = Math.max(longestOfRound, await longestTurn(() => readAll(app)));
    }
    longest.push(longestOfRound);
  }
  process.send?.({ type: "ready", longestMs: longest.sort((a, b) => a - b)[1] });
  process.disconnect?.();
}

async function readAll(app: Hono): Promise<void> {
  const { body } = await app.request("/");
  if (body === null) throw new Error("the list is no stream");
  const reader = body.getReader();
  while (!(await reader.read()).done);
}

async function longestTurn(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let before = performance.now();
  let looking = true;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    if (looking) setImmediate(look);
  };
  setImmediate(look);
  await work();
  looking = false;
  return longest;
}
