import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ReloadResult } from "../../../lib/contract/service-api";
import type { WebsocketClient } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";
import { ConfigRefused, formatMistake } from "./mistake";
import { ConfigStore } from "./store";

const good = "connections:\n  max: 50\nheartbeat:\n  interval: 20\n";

interface Told {
  line?: number | null;
  column?: number;
  key?: string | null;
  message: RegExp;
}
type Row = [what: string, content: string | Uint8Array | ((file: string) => void), told: Told];

const laughs = [
  "a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]",
  ..."bcdefghi".split("").map((name, i) => {
    const alias = `*${"abcdefghi"[i]}`;
    return `${name}: &${name} [${Array(9).fill(alias).join(",")}]`;
  }),
].join("\n");

const rows: Row[] = [
  ["an open bracket", "publish:\n  allow: [a\n", { line: 3, message: /valid YAML.*\]/ }],
  ["an open quote", 'host: "abc\n', { line: 2, message: /Missing closing "quote/ }],
  ["two colons", "a: b: c\n", { line: 1, column: 4, message: /valid YAML/ }],
  ["a tab for indentation", "connections:\n\tmax: 5\n", { line: 2, column: 1, message: /[Tt]ab/ }],
  ["ragged indentation", "connections:\n   max: 5\n  max_per_ip: 2\n", { line: 3, message: /valid YAML/ }],
  ["a merge conflict", `${good}<<<<<<< HEAD\nport: 1\n=======\n`, { line: 5, message: /valid YAML/ }],
  ["half a file", good.slice(0, 10), { line: 1, key: null, message: /keys and values/ }],
  ["plain text", "hello\n", { line: 1, key: null, message: /keys and values/ }],
  ["a web page", "<html>\n<body>not found</body>\n", { line: 1, message: /keys and values/ }],
  ["a list", "- port: 1\n", { line: 1, message: /keys and values/ }],
  ["a number", "5", { line: 1, message: /keys and values/ }],
  [
    "text for a number",
    "port: eighty\n",
    { line: 1, column: 7, key: "port", message: /whole number.*"eighty"/ },
  ],
  [
    "a quoted number",
    'connections:\n  max: "5"\n',
    { line: 2, column: 8, key: "connections.max", message: /got "5"/ },
  ],
  ["a number for text", "host: 5\n", { line: 1, key: "host", message: /expected text, got 5/ }],
  [
    "a word for a boolean",
    "logging:\n  stdout: on\n",
    { line: 2, key: "logging.stdout", message: /true or false/ },
  ],
  ["text for a list", "publish:\n  allow: chat.*\n", { line: 2, key: "publish.allow", message: /a list/ }],
  ["a number in a list", "publish:\n  allow: [a, 5]\n", { line: 2, key: "publish.allow", message: /texts/ }],
  [
    "a line break in a list",
    'publish: { allow: ["a\\nb"] }\n',
    { line: 1, key: "publish.allow", message: /texts/ },
  ],
  ["too small", "connections:\n  max: 0\n", { line: 2, key: "connections.max", message: /from 1 to/ }],
  ["too large", "port: 65536\n", { line: 1, key: "port", message: /to 65535/ }],
  ["beyond any number", "port: 1e999\n", { line: 1, key: "port", message: /got Infinity/ }],
  ["not a number", "port: .nan\n", { line: 1, key: "port", message: /got NaN/ }],
  [
    "a date",
    "heartbeat:\n  interval: 2026-11-24\n",
    { line: 2, key: "heartbeat.interval", message: /seconds.*2026/ },
  ],
  ["a tag", "host: !!binary aGk=\n", { line: 1, message: /tag/ }],
  ["a tag of code", "host: !!js/function 'x'\n", { line: 1, message: /tag/ }],
  ["a value for a group", "heartbeat: 3\n", { line: 1, key: "heartbeat", message: /a group of keys/ }],
  ["a group for a value", "port: { a: 1 }\n", { line: 1, key: "port", message: /whole number/ }],
  [
    "an unknown key",
    "heartbeat:\n  intervall: 3\n",
    { line: 2, column: 3, key: "heartbeat.intervall", message: /did you mean heartbeat\.interval\?/ },
  ],
  [
    "an unknown group",
    "hartbeat:\n  interval: 3\n",
    { line: 1, key: "hartbeat", message: /did you mean heartbeat\?/ },
  ],
  [
    "a short name",
    "max_connections: 3\n",
    { line: 1, key: "max_connections", message: /did you mean connections\.max\?/ },
  ],
  [
    "a key twice",
    "port: 1\nhost: a\nport: 2\n",
    { line: 3, column: 1, key: "port", message: /each key once/ },
  ],
  [
    "a key twice, once with dots",
    "connections: { max: 1 }\nconnections.max: 2\n",
    { line: 2, key: "connections.max", message: /each key once/ },
  ],
  [
    "a group twice",
    "connections: { max: 1 }\nport: 1\nconnections: { max: 2 }\n",
    { line: 3, message: /each key once/ },
  ],
  ["__proto__", "__proto__:\n  port: 1\n", { line: 1, key: "__proto__", message: /unknown key/ }],
  [
    "constructor",
    "constructor: { prototype: { port: 1 } }\n",
    { line: 1, key: "constructor", message: /unknown key/ },
  ],
  ["a key that is a list", "? [port]\n: 1\n", { line: 1, message: /unknown key/ }],
  ["a key of control characters", '"a\\nb\\e[31m": 1\n', { line: 1, message: /unknown key/ }],
  [
    "an alias",
    "heartbeat: &h { interval: 9 }\nconnections: *h\n",
    { line: 2, column: 14, message: /got an alias/ },
  ],
  ["an alias to nothing", "port: *nothing\n", { line: 1, message: /valid YAML|alias/ }],
  ["a billion laughs", laughs, { line: 2, message: /got an alias/ }],
  ["a billion laughs in a list", `${laughs}\npublish: { allow: [*i, *i] }\n`, { message: /got an alias/ }],
  ["a merge key", "x: &x { max: 1 }\nconnections: { <<: *x }\n", { line: 2, message: /got an alias/ }],
  ["two documents", "port: 1\n---\nport: 2\n", { line: 2, message: /multiple documents/ }],
  ["a directive", "%YAML 3.0\n---\nport: 1\n", { line: 1, message: /valid YAML/ }],
  ["deep brackets", "[".repeat(20_000), { line: 1, message: /at most 500 brackets/ }],
  ["deep braces", "{a: ".repeat(10_000), { line: 1, message: /at most 500 brackets/ }],
  ["deep brackets between quotes", '["]",'.repeat(5_000), { line: 1, message: /at most 500 brackets/ }],
  ["deep dashes", "- ".repeat(20_000), { line: 1, message: /first word/ }],
  ["deep question marks", "? ".repeat(20_000), { line: 1, message: /first word/ }],
  [
    "deep indentation",
    Array.from({ length: 350 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    { message: /first word/ },
  ],
  [
    "nothing but mistakes",
    Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join("\n"),
    { line: 1, key: "k0", message: /unknown key/ },
  ],
  ["an overlong key", `${"k".repeat(60_000)}: 1\n`, { line: 1, message: /valid YAML/ }],
  ["a huge file", `#${"x".repeat(70_000)}\n`, { line: null, message: /more than 65536 bytes/ }],
  ["zeros", new Uint8Array(1_000), { line: 1, column: 1, message: /control character U\+0000/ }],
  [
    "a program",
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
    { line: 1, message: /control character/ },
  ],
  ["a compressed file", new Uint8Array([0x1f, 0x8b, 0x08, 0, 0, 0]), { line: 1, message: /UTF-8/ }],
  ["UTF-16", Buffer.from(`\ufeff${good}`, "utf16le"), { line: 1, message: /got UTF-16/ }],
  [
    "Latin-1",
    Buffer.from("# one\nhost: caf\xe9\n", "latin1"),
    { line: 2, column: 10, message: /UTF-8, got the byte 0xe9/ },
  ],
  ["half a character", Buffer.from([0x23, 0xe4, 0xb8]), { line: 1, column: 2, message: /UTF-8/ }],
  ["nothing", "", { line: 1, message: /an empty file/ }],
  ["white space", " \n\t\n", { line: 1, message: /an empty file|[Tt]ab/ }],
  ["a file that is gone", () => {}, { line: null, key: null, message: /cannot be read: ENOENT/ }],
  ["a folder", (file) => mkdirSync(file), { line: null, message: /cannot be read: it is a folder/ }],
  ["a pipe", (file) => execFileSync("mkfifo", [file]), { line: null, message: /not a regular file/ }],
  [
    "an endless device",
    (file) => symlinkSync("/dev/zero", file),
    { line: null, message: /not a regular file/ },
  ],
  ["a link in a circle", (file) => symlinkSync(file, file), { line: null, message: /cannot be read: ELOOP/ }],
  [
    "a link to nothing",
    (file) => symlinkSync(`${file}-none`, file),
    { line: null, message: /cannot be read: ENOENT/ },
  ],
];

let service: TestService;
let client: WebsocketClient;
const heard: unknown[] = [];
beforeAll(async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" }, good);
  client = await service.client();
  client.onMessage((message) => heard.push(message.data));
  await client.subscribe("chat.a");
});
afterAll(() => service.end());
beforeEach(() => rmSync(service.configFile, { recursive: true, force: true }));

function put(content: Row[1]): void {
  if (typeof content === "function") content(service.configFile);
  else writeFileSync(service.configFile, content);
}

const get = async (path: string) => (await fetch(service.adminUrl + path)).json();

describe("a reload changes nothing, tells what is wrong and where, and the service goes on, given", () => {
  test.each(rows)("%s", async (_what, content, told) => {
    const before = await get("/config");
    const { versions } = (await get("/admin/config-history")) as { versions: unknown[] };
    put(content);
    const response = await fetch(`${service.adminUrl}/admin/reload-config`, { method: "POST" });
    expect(response.status).toBe(422);
    const result = (await response.json()) as ReloadResult;
    expect(result).toMatchObject({ valid: false, changes: [], applied: [], needs_restart: [] });
    const [mistake] = result.mistakes;
    expect(mistake).toMatchObject({ ...told, message: expect.stringMatching(told.message) });
    expect(mistake?.file).toBe(service.configFile);
    expect(mistake?.expected).not.toBe("");
    expect(result.mistakes.length).toBeLessThanOrEqual(101);

    expect(await get("/config")).toEqual(before);
    expect(await get("/admin/config-history")).toMatchObject({ versions });
    expect(service.stats().config.last_reload_ok).toBe(false);
    const text = `after ${_what}`;
    service.publish("chat.a", text);
    await until(() => heard.includes(text));
  });
});

describe("a start is refused with the same mistakes, one line each, given", () => {
  const atStart = rows.filter(([what]) => what !== "nothing" && what !== "white space");
  test.each(atStart)("%s", (_what, content, told) => {
    put(content);
    let refused: unknown;
    try {
      new ConfigStore({ WEBSOCKET_CONFIG: service.configFile });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ConfigRefused);
    const { mistakes, message } = refused as ConfigRefused;
    expect(mistakes[0]?.message).toMatch(told.message);
    expect(message.split("\n")).toHaveLength(mistakes.length);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal must not be told what to do
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

test("more than a hundred mistakes are counted, not listed", () => {
  put(rows.find(([what]) => what === "nothing but mistakes")?.[1] ?? "");
  try {
    new ConfigStore({ WEBSOCKET_CONFIG: service.configFile });
    expect.unreachable();
  } catch (error) {
    const { mistakes } = error as ConfigRefused;
    expect(mistakes).toHaveLength(101);
    expect(mistakes[100] && formatMistake(mistakes[100])).toBe(
      `${service.configFile}: and 4900 more mistakes after these`,
    );
  }
});

test("a file that may not be read changes nothing", () => {
  put(good);
  const store = new ConfigStore({ WEBSOCKET_CONFIG: service.configFile });
  chmodSync(service.configFile, 0);
  const isRoot = process.geteuid?.() === 0;
  // Root may read everything.
  if (isRoot) process.seteuid?.("nobody");
  const result = store.reload({ dryRun: false, cause: "reload", by: "test" });
  if (isRoot) process.seteuid?.(0);
  expect(result).toMatchObject({ valid: false, mistakes: [{ message: expect.stringContaining("EACCES") }] });
  expect(store.settings["connections.max"]).toBe(50);
});

test("a good file is taken afterwards as ever", async () => {
  put("connections:\n  max: 51\n");
  const response = await fetch(`${service.adminUrl}/admin/reload-config`, { method: "POST" });
  expect(await response.json()).toMatchObject({ valid: true });
  expect(service.stats().connections.max_connections).toBe(51);
});
