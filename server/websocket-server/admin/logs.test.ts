import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { errorBodySchema, type Logs, logRotationSchema, logsSchema } from "../../../lib/contract/service-api";
import { maxScannedBytes, newestLines } from "../logging/newest-lines";
import { RotatedFiles } from "../logging/rotated-files";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.end());

const logFile = () => join(service.folder, "websocket-server.log");
const logText = (second: number, level: string, text: string) =>
  `${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()} ${level.padEnd(5)} ${text}\n`;

async function readLogs(query: string): Promise<Logs> {
  const response = await fetch(`${service.adminUrl}/admin/logs?${query}`);
  expect(response.status).toBe(200);
  return logsSchema.parse(await response.json());
}

/** Reads along; `text` grows. */
async function follow(query = "", headers: Record<string, string> = {}) {
  const request = get(`${service.adminUrl}/admin/logs/stream?${query}`, { headers });
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request.on("response", resolve).on("error", reject),
  );
  const state = { text: "", ended: false, response, request };
  response.on("data", (chunk) => {
    state.text += chunk;
  });
  response.on("error", () => {});
  response.on("close", () => {
    state.ended = true;
  });
  return state;
}
const eventsOf = (text: string) =>
  [...text.matchAll(/^id: (\S+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: id as string,
    line: JSON.parse(data as string) as { level: string; text: string },
  }));
const audit = (by: string) =>
  fetch(`${service.adminUrl}/admin/gc`, { method: "POST", headers: { "X-Requested-By": by } });

test("every grep of the guide finds what it looks for in a real log", async () => {
  await service.end();
  service = await startTestService({
    MAX_CONNECTIONS: "2",
    HEARTBEAT_INTERVAL: "0.1",
    PING_TIMEOUT: "0.1",
    WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true",
  });
  const dead = await service.client();
  const leaving = await service.client();
  await service.client().catch(() => {});
  dead.socket?.pause();
  leaving.socket?.close(1000);
  await until(() => service.logText().includes("heartbeat timeout"));
  const grep = (command: string) => execFileSync("bash", ["-c", command], { cwd: service.folder }).toString();
  const file = "websocket-server.log";
  expect(grep(`grep -i "disconnect\\|closed\\|timeout" ${file} | tail -20`)).toContain("connection closed");
  expect(grep(`tail -n +1 ${file} | grep -i "publish\\|push"`)).toContain("publish source=");
  expect(grep(`grep -E "(ERROR|WARN|CRITICAL)" ${file}`)).toContain("WARN  connection refused");
  expect(grep(`tail -20 ${file} | grep -E "(ERROR|CRITICAL|WARN)"`)).toContain("WARN  ");
  expect(grep(`grep MAX_CONNECTIONS_EXCEEDED ${file}`)).toContain("connection refused");
  // Each word by itself as well.
  for (const word of ["disconnect", "closed", "timeout", "publish", "push"]) {
    expect(grep(`grep -i ${word} ${file}`)).not.toBe("");
  }
});

test("no client can forge a line", async () => {
  const forged = "\u202e2026-11-23T08:15:02.123Z CRITICAL forged\u0085";
  const client = await service.client();
  client.socket?.close(4000, forged);
  await audit('x" CRITICAL "');
  await until(() => service.logText().includes("code=4000"));
  for (const line of service.logText().trimEnd().split("\n")) {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARN) /);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
  expect(service.logText()).toContain('by="x\\" CRITICAL \\""');
});

test("gives the newest lines that fit, oldest first, across rotated files", async () => {
  const rotated = (day: string) => join(service.folder, `websocket-server-202601${day}T000000000Z.log`);
  writeFileSync(`${rotated("02")}.gz`, gzipSync(logText(1, "ERROR", "first") + logText(2, "INFO", "second")));
  writeFileSync(rotated("03"), logText(3, "CRITICAL", "third PART=é") + logText(4, "DEBUG", "fourth"));
  const texts = (logs: Logs) => logs.lines.map(({ text }) => text.slice(25));
  const all = await readLogs("until_ms=1767500000000");
  expect(texts(all)).toEqual(["ERROR first", "INFO  second", "CRITICAL third PART=é", "DEBUG fourth"]);
  expect(all).toMatchObject({ more: false, from: "file", file: logFile() });
  const before = "until_ms=1767500000000";
  expect(texts(await readLogs(`${before}&level=error`))).toEqual(["ERROR first", "CRITICAL third PART=é"]);
  expect(texts(await readLogs(`${before}&q=part%3D%C3%A9`))).toEqual(["CRITICAL third PART=é"]);
  expect(texts(await readLogs(`${before}&q=.*`))).toEqual([]);
  const two = await readLogs(`${before}&limit=2`);
  expect(texts(two)).toEqual(["CRITICAL third PART=é", "DEBUG fourth"]);
  expect(two.more).toBe(true);
  const since = await readLogs(`${before}&since_ms=${Date.UTC(2026, 0, 1, 0, 0, 2)}&limit=3`);
  expect(texts(since)).toEqual(["INFO  second", "CRITICAL third PART=é", "DEBUG fourth"]);
  const now = await readLogs("q=listening");
  expect(now.lines).toHaveLength(1);
  expect(now.lines[0]).toMatchObject({ level: "INFO", at_ms: expect.any(Number) });
});

test("lines longer than a chunk and text that is no log are shown as they are", async () => {
  await until(() => service.logText().includes("listening"));
  appendFileSync(logFile(), `${"y".repeat(200_000)}\nno instant\n`);
  const { lines } = await readLogs("limit=2");
  expect(lines[1]).toEqual({ at_ms: null, level: null, text: "no instant" });
  expect(lines[0]?.text).toMatch(/^y+$/);
  expect(lines[0]?.text.length).toBeLessThan(140_000);
});

test("reads a bounded part of a huge file", async () => {
  const file = join(service.folder, "huge.log");
  const descriptor = openSync(file, "w");
  ftruncateSync(descriptor, 500_000_000);
  closeSync(descriptor);
  const rotated = new RotatedFiles(file);
  appendFileSync(file, `\n${logText(1, "INFO", "last")}`);
  const near = await newestLines(file, rotated, {}, 1);
  expect(near.lines.map(({ text }) => text.slice(25))).toEqual(["INFO  last"]);
  expect(near.scannedBytes).toBeLessThan(1_000_000);
  const far = await newestLines(file, rotated, { q: "not there" }, 10);
  expect(far).toMatchObject({ lines: [], more: true });
  expect(far.scannedBytes).toBeLessThanOrEqual(maxScannedBytes + 65_536);
});

test("a compressed file that is broken or unpacks to too much says that there may be more", async () => {
  const bomb = join(service.folder, "websocket-server-20260101T000000000Z.log.gz");
  for (const content of [Buffer.from("no gzip"), gzipSync(Buffer.alloc(maxScannedBytes + 1, "a\n"))]) {
    writeFileSync(bomb, content);
    expect(await readLogs("limit=5000")).toMatchObject({ more: true, from: "file" });
  }
});

test("answers from memory when the file is gone", async () => {
  await until(() => service.logText() !== "");
  rmSync(logFile());
  const { from, lines } = await readLogs("q=listening");
  expect(from).toBe("memory");
  expect(lines).toHaveLength(1);
});

test.each(["level=loud", "limit=0", "limit=5001", "since_ms=x", `q=${"x".repeat(201)}`, "nonsense=1"])(
  "refuses %s",
  async (query) => {
    const response = await fetch(`${service.adminUrl}/admin/logs?${query}`);
    expect(response.status).toBe(400);
    expect(errorBodySchema.parse(await response.json()).error.code).toBe("INVALID_QUERY");
  },
);

test("rotates now, with real bytes", async () => {
  await until(() => service.logText() !== "");
  const response = await fetch(`${service.adminUrl}/admin/logs/rotate`, { method: "POST" });
  const answer = logRotationSchema.parse(await response.json());
  expect(answer.files.map(({ name }) => name)).toEqual([answer.rotated]);
  const content = readFileSync(join(service.folder, answer.rotated as string));
  expect(answer.files[0]?.bytes).toBe(content.length);
  await until(() => service.logText().includes("path=/admin/logs/rotate"));
  expect(service.logText()).not.toContain("listening");
});

test("a reader follows by level and part, and comes back without a hole", async () => {
  const all = await follow();
  const some = await follow("q=operator-2&level=info");
  const none = await follow("level=error");
  expect(all.response.headers["content-type"]).toBe("text/event-stream");
  await audit("operator-1");
  await audit("operator-2");
  await until(() => all.text.includes("operator-2") && some.text.includes("operator-2"));
  const events = eventsOf(all.text);
  expect(eventsOf(some.text).map(({ line }) => line.text)).toEqual([events.at(-1)?.line.text]);
  expect(eventsOf(none.text)).toEqual([]);
  const first = events.find(({ line }) => line.text.includes("operator-1"));
  const back = await follow("q=operator", { "Last-Event-ID": first?.id ?? "" });
  await until(() => eventsOf(back.text).length === 1);
  expect(eventsOf(back.text)[0]).toEqual(events.at(-1));
  for (const each of [all, some, none, back]) each.request.destroy();
});

test("twenty may follow, one more is told to wait, and a place is free when one goes", async () => {
  const readers = await Promise.all(Array.from({ length: 20 }, () => follow()));
  const refused = await fetch(`${service.adminUrl}/admin/logs/stream`);
  expect(refused.status).toBe(429);
  expect(errorBodySchema.parse(await refused.json()).error.code).toBe("TOO_MANY_REQUESTS");
  expect((await fetch(`${service.adminUrl}/admin/logs/stream`, { method: "HEAD" })).status).toBe(200);
  readers[0]?.request.destroy();
  await until(async () => {
    const next = await follow();
    if (next.response.statusCode === 200) readers.push(next);
    return next.response.statusCode === 200;
  });
  for (const each of readers) each.request.destroy();
});

test("streams end with the service", async () => {
  const reader = await follow();
  await service.stop();
  await until(() => reader.ended);
  expect(reader.text).toContain("stopped");
});
