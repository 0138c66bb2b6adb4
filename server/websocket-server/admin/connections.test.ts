import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  for (let i = 0; i < 30; i++) {
    const client = await service.client({ socket: { headers: { "user-agent": `agent-${i % 3}` } } });
    for (let t = 0; t < i; t++) await client.subscribe(`chat.${t}`);
  }
  await until(() => service.stats().message_queue.messages === 0);
});
afterAll(() => service.end());

async function list(query: string) {
  const response = await fetch(`${service.adminUrl}/admin/connections${query}`);
  return { rows: (await response.json()) as Connection[], headers: response.headers };
}

test("without a limit every row comes, as one array", async () => {
  const { rows, headers } = await list("");
  expect(rows).toHaveLength(30);
  expect(headers.get("x-total-count")).toBe("30");
  expect(headers.get("x-next-cursor")).toBeNull();
});

test("pages by cursor cover each row once", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { rows, headers } = await list(`?limit=7&sort=id${cursor === null ? "" : `&cursor=${cursor}`}`);
    seen.push(...rows.map((row) => row.id));
    expect(headers.get("x-total-count")).toBe("30");
    cursor = headers.get("x-next-cursor");
  } while (cursor !== null);
  expect(seen).toHaveLength(30);
  expect(new Set(seen).size).toBe(30);
});

test.each([
  ["?topic=chat.27", 2],
  ["?topic=chat.none", 0],
  ["?ip=127.0.0.1", 30],
  ["?ip=10.0.0.1", 0],
  ["?q=AGENT-1", 10],
  ["?state=active", 30],
  ["?state=slow", 0],
  ["?min_buffered=1", 0],
  ["?idle_gt=300", 0],
  ["?idle_gt=0&q=agent-2", 10],
  ["?cursor=28", 2],
  ["?cursor=99", 0],
])("%s finds %i", async (query, count) => {
  expect((await list(query)).rows).toHaveLength(count);
});

test("sorts both ways, and what is unknown stands last", async () => {
  const up = (await list("?sort=subscriptions&order=asc")).rows.map((row) => row.subscriptions);
  expect(up).toEqual(Array.from({ length: 30 }, (_, i) => i));
  const down = (await list("?sort=subscriptions&order=desc&limit=2")).rows.map((row) => row.subscriptions);
  expect(down).toEqual([29, 28]);
});

test("counts by address and tells who is idle", async () => {
  const response = await fetch(`${service.adminUrl}/admin/connections/by-ip`);
  expect(await response.json()).toEqual([{ remote_ip: "127.0.0.1", connections: 30, idle: 0 }]);
});
