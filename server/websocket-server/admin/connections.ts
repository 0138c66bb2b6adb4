import type { serviceRoutes } from "../../../lib/contract/routes";
import type { ClosedConnections } from "../../../lib/contract/service-api";
import { askAll } from "../shards/ask-all";
import type { Selection, Shard } from "../shards/shard";
import { sortInTurns } from "../shards/sort-in-turns";
import { compareKeys, mergeSorted } from "../shards/sort-keys";
import { Turns } from "../turns";
import { readCursor } from "./cursor";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

type Routes = typeof serviceRoutes;

/** Rows written at one go; between two of them the event loop gets its turn. */
const rowsAChunk = 200;

interface Chosen {
  shard: Shard;
  id: string;
  key: number | string | null;
}

export const connections: Handler<Routes["connections"]> = async ({ service, query, http }) => {
  const offset = readCursor(query.cursor);
  const end = query.limit === undefined ? Number.POSITIVE_INFINITY : offset + query.limit;
  const { answers, missing } = await askAll(service.shards(), (shard) => shard.selectConnections(query, end));
  const total = answers.reduce((sum, { answer }) => sum + answer.total, 0);
  const page = await pageOf(answers, query.order, offset, end);
  tellMissing(http, missing);
  http.header("Content-Type", "application/json");
  http.header("X-Total-Count", String(total));
  if (offset + page.length < total) http.header("X-Next-Cursor", String(offset + page.length));
  return http.body(streamRows(page));
};

/** What several shards chose in one order; lists are long, so the event loop has its turns meanwhile. */
async function pageOf(
  selections: readonly { from: Shard; answer: Selection }[],
  order: "asc" | "desc" | undefined,
  offset: number,
  end: number,
): Promise<Chosen[]> {
  const turns = new Turns();
  const chosen: Chosen[] = [];
  const alone = selections.length === 1;
  for (const { from: shard, answer } of selections) {
    const { ids, keys } = answer;
    for (let at = alone ? offset : 0; at < ids.length; at++) {
      chosen.push({ shard, id: ids[at] as string, key: keys?.[at] ?? null });
      if (at % rowsAChunk === 0 && turns.due) await turns.next();
    }
  }
  if (alone) return chosen;
  const sorted = selections[0]?.answer.keys !== null;
  const compare = compareKeys(order);
  const inOrder = sorted ? await sortInTurns(chosen, (a, b) => compare(a.key, b.key), turns) : chosen;
  return inOrder.slice(offset, end);
}

export const connectionsByIp: Handler<Routes["connectionsByIp"]> = async ({ service, http }) => {
  const { answers, missing } = await askAll(service.shards(), (shard) => shard.connectionsByIp());
  tellMissing(http, missing);
  const sums = new Map<string, { connections: number; idle: number }>();
  for (const { answer } of answers) {
    for (const { remote_ip, connections, idle } of answer) {
      const sum = sums.get(remote_ip) ?? { connections: 0, idle: 0 };
      sums.set(remote_ip, { connections: sum.connections + connections, idle: sum.idle + idle });
    }
  }
  return [...sums]
    .map(([remote_ip, sum]) => ({ remote_ip, ...sum }))
    .sort((a, b) => b.connections - a.connections);
};

export const closedConnections: Handler<Routes["closedConnections"]> = async ({ service, query, http }) => {
  const limit = query.limit ?? 100;
  const { answers, missing } = await askAll(service.shards(), (shard) =>
    shard.closedConnections(limit, query.side),
  );
  tellMissing(http, missing);
  const parts = answers.map(({ answer }) => answer);
  const newestFirst = mergeSorted(
    parts.map(({ closes }) => closes),
    (a, b) => b.closed_at_ms - a.closed_at_ms,
  );
  return { closes: newestFirst.slice(0, limit), lifetimes: addLifetimes(parts) };
};

function addLifetimes([first, ...rest]: ClosedConnections[]): ClosedConnections["lifetimes"] {
  if (first === undefined) throw new Error("a service has at least one shard");
  const counts = [...first.lifetimes.counts];
  for (const { lifetimes } of rest) {
    for (const [bin, count] of lifetimes.counts.entries()) counts[bin] = (counts[bin] ?? 0) + count;
  }
  return { bin_seconds: first.lifetimes.bin_seconds, counts };
}

function streamRows(page: Chosen[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  let first = true;
  return new ReadableStream({
    async pull(controller) {
      let text = "";
      // Whole chunks may have closed meanwhile; a pull that brings nothing would not be repeated.
      do {
        if (next > 0) await new Promise((resolve) => setImmediate(resolve));
        const rows = await readRows(page.slice(next, next + rowsAChunk));
        next += rowsAChunk;
        text = rows.map((row) => JSON.stringify(row)).join(",\n");
      } while (text === "" && next < page.length);
      const opening = first ? "[" : text === "" ? "" : ",\n";
      first = false;
      const done = next >= page.length;
      controller.enqueue(encoder.encode(`${opening}${text}${done ? "]" : ""}`));
      if (done) controller.close();
    },
  });
}

/** In the order of `chosen`; each shard is asked once. */
async function readRows(chosen: readonly Chosen[]) {
  const idsByShard = new Map<Shard, string[]>();
  for (const { shard, id } of chosen) {
    const ids = idsByShard.get(shard);
    if (ids) ids.push(id);
    else idsByShard.set(shard, [id]);
  }
  const parts = await Promise.all([...idsByShard].map(([shard, ids]) => shard.connectionRows(ids)));
  const rows = new Map(parts.flat().map((row) => [row.id, row]));
  return chosen.flatMap(({ id }) => rows.get(id) ?? []);
}
