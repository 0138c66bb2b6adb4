import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  type HeapSnapshotJob,
  type HeapSnapshots,
  heapSnapshotJobSchema,
  heapSnapshotsSchema,
} from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

async function ask<T>(path: string, method = "GET", body?: unknown): Promise<{ status: number; answer: T }> {
  const response = await fetch(service.adminUrl + path, {
    method,
    // While the process stands still, a connection that is kept goes stale.
    headers: { connection: "close", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as T };
}

test("writes a snapshot that can be listed, downloaded and deleted", async () => {
  service = await startTestService();
  expect((await ask<HeapSnapshots>("/admin/heap-snapshots")).answer.snapshots).toEqual([]);
  const { status, answer } = await ask<HeapSnapshotJob>("/admin/heap-snapshot", "POST");
  expect(status).toBe(202);
  expect(heapSnapshotJobSchema.parse(answer)).toEqual(answer);
  const job = await until(async () => {
    const now = (await ask<HeapSnapshotJob>(`/admin/jobs/${answer.id}`)).answer;
    return now.state === "running" ? null : now;
  }, 30_000);
  expect(job).toMatchObject({ kind: "heap-snapshot", state: "succeeded", done: 1, error: null });
  const written = job.result.snapshot;
  if (written === null) throw new Error("no snapshot");
  expect(job.result.pause_ms).toBeGreaterThan(0);

  const list = (await ask<HeapSnapshots>("/admin/heap-snapshots")).answer;
  expect(heapSnapshotsSchema.parse(list)).toEqual(list);
  expect(list.snapshots).toEqual([{ ...written, created_at_ms: expect.any(Number) }]);
  expect(list.needed_bytes).toBeGreaterThan(0);
  expect(statSync(join(list.folder, written.name)).mode & 0o777).toBe(0o600);

  const download = await fetch(`${service.adminUrl}/admin/heap-snapshots/${written.name}`);
  expect(download.headers.get("content-disposition")).toContain(written.name);
  const content = await download.text();
  expect(content.length).toBeGreaterThan(1_000_000);
  expect(JSON.parse(content).snapshot.meta.node_fields).toContain("self_size");

  expect((await ask(`/admin/heap-snapshots/${written.name}`, "DELETE")).status).toBe(200);
  expect(readdirSync(list.folder)).toEqual([]);
}, 60_000);

test.each([
  ["GET", "/admin/heap-snapshots/none.heapsnapshot", 404, "UNKNOWN_HEAP_SNAPSHOT"],
  ["DELETE", "/admin/heap-snapshots/none.heapsnapshot", 404, "UNKNOWN_HEAP_SNAPSHOT"],
  ["GET", "/admin/heap-snapshots/..%2f..%2fconfig.yaml", 400, "BAD_REQUEST"],
  ["GET", "/admin/heap-snapshots/websocket-server.log", 404, "UNKNOWN_HEAP_SNAPSHOT"],
])("%s %s is %d %s", async (method, path, status, code) => {
  service = await startTestService();
  const refused = await ask<{ error: { code: string } }>(path, method);
  expect([refused.status, refused.answer.error.code]).toEqual([status, code]);
});

test("an unknown worker is refused, and so is a second snapshot at the same time", async () => {
  service = await startTestService();
  const unknown = await ask<{ error: { code: string } }>("/admin/heap-snapshot", "POST", {
    worker: "nobody",
  });
  expect([unknown.status, unknown.answer.error.code]).toEqual([404, "UNKNOWN_WORKER"]);
  const first = await ask<HeapSnapshotJob>("/admin/heap-snapshot", "POST", { worker: "main" });
  const second = await ask<{ error: { code: string } }>("/admin/heap-snapshot", "POST");
  expect([second.status, second.answer.error.code]).toEqual([409, "JOB_RUNNING"]);
  await until(async () => {
    const { answer } = await ask<HeapSnapshotJob>(`/admin/jobs/${first.answer.id}`);
    return answer.state === "succeeded";
  }, 30_000);
}, 60_000);
