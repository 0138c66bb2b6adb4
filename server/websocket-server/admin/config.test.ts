import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConfigHistory, EffectiveConfig, ReloadResult } from "../../../lib/contract/service-api";
import { startWebsocketServer } from "../start";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeEach(async () => {
  service = await startTestService({ WEBSOCKET_HEARTBEAT_INTERVAL: "20" }, "connections: { max: 50 }\n");
});
afterEach(() => service.end());

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the answer
  body: any;
}

async function ask(method: string, path: string, body?: unknown, from = service.adminUrl): Promise<Answer> {
  const response = await fetch(from + path, {
    method,
    headers: { "x-requested-by": "ada" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const max = () => service.stats().connections.max_connections;
const override = (key: string, value: unknown, ttl = 600) =>
  ask("PUT", `/admin/config-overrides/${key}`, { value, ttl_seconds: ttl, reason: "launch day" });
const history = async () => (await ask("GET", "/admin/config-history")).body as ConfigHistory;
const effective = async () => (await ask("GET", "/admin/effective-config")).body as EffectiveConfig;
const reload = async () => (await ask("POST", "/admin/reload-config")).body as ReloadResult;
const overrideFile = () => join(service.folder, "config-overrides.json");

/** A service on the same files as the one that has stopped. */
async function startAgain(): Promise<void> {
  await service.stop();
  const again = await startWebsocketServer({
    env: {
      WEBSOCKET_PORT: "0",
      WEBSOCKET_ADMIN_PORT: "0",
      WEBSOCKET_LOGGING_STDOUT: "false",
      WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
      LOG_FILE: join(service.folder, "websocket-server.log"),
      WEBSOCKET_DATA_DIR: service.folder,
      WEBSOCKET_CONFIG: service.configFile,
    },
  });
  service = { ...service, ...again, adminUrl: `http://127.0.0.1:${again.adminPort}` };
}

describe("an override", () => {
  test("wins over everything, is told with who and why, and DELETE goes back to what the ladder says", async () => {
    const set = await override("connections.max", 77);
    expect(set.body).toMatchObject({
      key: "connections.max",
      value: 77,
      winner: "override",
      override: { by: "ada", reason: "launch day" },
    });
    expect(max()).toBe(77);
    expect((await ask("GET", "/config")).body.connections.max).toBe(77);
    const { keys, shadowed } = await effective();
    expect(keys.find((each) => each.key === "connections.max")).toMatchObject({
      value: 77,
      winner: "override",
      losers: [
        { source: "file", value: 50 },
        { source: "default", value: 10_000 },
      ],
    });
    expect(shadowed).toContainEqual(
      expect.objectContaining({ key: "connections.max", source: "file", by: "override" }),
    );
    expect(service.stats().config.overrides).toBe(1);

    const gone = await ask("DELETE", "/admin/config-overrides/connections.max");
    expect(gone.body).toMatchObject({ value: 50, winner: "file", override: null });
    expect(max()).toBe(50);
    expect(JSON.parse(readFileSync(overrideFile(), "utf8"))).toEqual({ overrides: [] });
    await until(() => service.logText().includes("config override removed"));
    expect(service.logText()).toMatch(
      /INFO {2}config override set key=connections\.max value=77 until=\S+ by=ada reason="launch day"/,
    );
  });

  test("is on the disk, for the service's user alone, before it is acknowledged", async () => {
    await override("connections.max", 77);
    expect(JSON.parse(readFileSync(overrideFile(), "utf8")).overrides).toMatchObject([
      { key: "connections.max", value: 77 },
    ]);
    expect(statSync(overrideFile()).mode & 0o777).toBe(0o600);
  });

  test("expires by itself, and says so", async () => {
    await override("connections.max", 77, 0.05);
    await until(() => max() === 50);
    await until(() => service.logText().includes("config override expired"));
    expect((await effective()).keys.every((key) => key.override === null)).toBe(true);
  });

  test("survives a restart until it expires", async () => {
    await override("connections.max", 77);
    await override("heartbeat.timeout", 9, 0.001);
    await startAgain();
    expect(max()).toBe(77);
    expect((await effective()).keys.find((key) => key.key === "heartbeat.timeout")?.value).toBe(30);
    await until(() => service.logText().includes("config override still in force"));
  });

  test.each<[string, string, unknown, number, string]>([
    ["a wrong type", "connections.max", "77", 422, "INVALID_VALUE"],
    ["out of range", "connections.max", 0, 422, "INVALID_VALUE"],
    ["null", "connections.max", null, 422, "INVALID_VALUE"],
    ["a list where text belongs", "logging.level", ["info"], 422, "INVALID_VALUE"],
    ["an object", "publish.allow", { "0": "a" }, 422, "INVALID_VALUE"],
    ["an unknown key", "connections.maxx", 1, 404, "UNKNOWN_CONFIG_KEY"],
    ["a group", "connections", 1, 404, "UNKNOWN_CONFIG_KEY"],
    ["a hostile key", "__proto__", 1, 404, "UNKNOWN_CONFIG_KEY"],
    ["a key that needs a restart", "port", 1, 409, "NOT_HOT_RELOADABLE"],
    ["a secret that needs a restart", "admin.token", "hunter2", 409, "NOT_HOT_RELOADABLE"],
  ])("%s is refused and changes nothing", async (_name, key, value, status, code) => {
    const before = (await ask("GET", "/config")).body;
    const answer = await override(key, value);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
    expect((await ask("GET", "/config")).body).toEqual(before);
    expect(service.stats().config.overrides).toBe(0);
  });

  test("a refusal says what was expected, or which key was meant", async () => {
    expect((await override("connections.max", 0)).body.error).toMatchObject({
      message: "connections.max: expected a whole number from 1 to 1000000, got 0",
      details: { key: "connections.max" },
    });
    expect((await override("connections.maxx", 1)).body.error.details).toEqual({
      did_you_mean: "connections.max",
    });
  });

  test.each([
    ["no reason", { value: 1, ttl_seconds: 60 }],
    ["no end", { value: 1, reason: "x" }],
    ["an end in the past", { value: 1, ttl_seconds: -1, reason: "x" }],
    ["more than a week", { value: 1, ttl_seconds: 604_801, reason: "x" }],
    ["no value", { ttl_seconds: 60, reason: "x" }],
  ])("a body with %s is refused", async (_name, body) => {
    const answer = await ask("PUT", "/admin/config-overrides/connections.max", body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "INVALID_BODY"]);
  });

  test("that can't be kept is refused, and one that can't be taken back stays", async () => {
    await override("connections.max", 77);
    rmSync(overrideFile());
    mkdirSync(join(overrideFile(), "in-the-way"), { recursive: true });
    const set = await override("heartbeat.timeout", 9);
    expect([set.status, set.body.error.code]).toEqual([500, "STORAGE_FAILED"]);
    expect((await ask("GET", "/config")).body.heartbeat.timeout).toBe(30);
    const gone = await ask("DELETE", "/admin/config-overrides/connections.max");
    expect([gone.status, gone.body.error.code]).toEqual([500, "STORAGE_FAILED"]);
    expect(max()).toBe(77);
    expect(readdirSync(service.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each([
    ["no JSON", "{"],
    ["not a list", '{"overrides":5}'],
    ["bytes", "\u0000\u0001"],
    ["empty", ""],
  ])(
    "a kept file that is broken (%s) is put aside with a warning, and the service starts",
    async (_name, text) => {
      writeFileSync(overrideFile(), text);
      await startAgain();
      expect(max()).toBe(50);
      const aside = readdirSync(service.folder).find((name) => name.includes(".broken-"));
      expect(readFileSync(join(service.folder, String(aside)), "utf8")).toBe(text);
      await until(() => /WARN {2}config overrides message=".*can't be used/.test(service.logText()));
      expect((await override("connections.max", 60)).status).toBe(200);
    },
  );

  test("kept entries are held to today's schema one by one", async () => {
    const entry = { set_at_ms: 1, expires_at_ms: Date.now() + 600_000, reason: "x", by: "y" };
    const overrides = [
      { ...entry, key: "connections.max", value: "many" },
      { ...entry, key: "no.such.key", value: 1 },
      { ...entry, key: "port", value: 1 },
      { ...entry, key: "__proto__", value: 1 },
      5,
      { ...entry, key: "heartbeat.timeout", value: 9 },
    ];
    writeFileSync(overrideFile(), JSON.stringify({ overrides }));
    await startAgain();
    const inForce = (await effective()).keys.filter((key) => key.override !== null);
    expect(inForce.map((key) => [key.key, key.value])).toEqual([["heartbeat.timeout", 9]]);
    await until(() => service.logText().split("override dropped").length === 6);
  });

  test("a reload below it comes into force when it ends", async () => {
    await override("connections.max", 77);
    writeFileSync(service.configFile, "connections: { max: 60 }\n");
    expect(await reload()).toMatchObject({
      changes: [{ key: "connections.max", before: 50, after: 60 }],
      applied: [],
      overridden: ["connections.max"],
    });
    expect(max()).toBe(77);
    await ask("DELETE", "/admin/config-overrides/connections.max");
    expect(max()).toBe(60);
  });
});

describe("the log level", () => {
  test("changes for an hour unless said otherwise", async () => {
    const { body } = await ask("PUT", "/admin/log-level", { level: "debug" });
    expect(body).toMatchObject({ key: "logging.level", value: "debug", winner: "override" });
    expect(body.override.expires_at_ms - body.override.set_at_ms).toBe(3_600_000);
    expect(service.stats().logs.level).toBe("debug");
    const client = await service.client();
    await client.subscribe("none").catch(() => {});
    await until(() => service.logText().includes(" DEBUG "));
  });

  test("goes back by itself, and both ends of a quiet time are in the log", async () => {
    await ask("PUT", "/admin/log-level", { level: "error", ttl_seconds: 0.2, reason: "noise" });
    expect(service.stats().logs.level).toBe("error");
    await until(() => service.stats().logs.level === "info");
    await until(() =>
      service.logText().includes('config override expired key=logging.level value="\\"error'),
    );
    expect(service.logText()).toContain('config override set key=logging.level value="\\"error');
  });

  test("that does not exist is refused", async () => {
    const { status } = await ask("PUT", "/admin/log-level", { level: "loud" });
    expect(status).toBe(400);
  });
});

describe("the history", () => {
  test("holds what was applied at the start and by reloads, with the changes, secrets masked", async () => {
    writeFileSync(service.configFile, "connections: { max: 60 }\nadmin: { token: hunter2 }\n");
    expect((await history()).changed_on_disk).toBe(true);
    await reload();
    const { versions, changed_on_disk, file } = await history();
    expect(file).toBe(service.configFile);
    expect(changed_on_disk).toBe(false);
    expect(versions).toMatchObject([
      {
        cause: "reload",
        by: "ada",
        current: true,
        changes: [
          { key: "admin.token", before: null, after: "set" },
          { key: "connections.max", before: 50, after: 60 },
        ],
      },
      { cause: "start", by: "start", current: false, changes: [] },
    ]);
    expect(JSON.stringify(versions)).not.toContain("hunter2");
    const folder = join(service.folder, "config-history");
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("is not added to by a file that did not change, nor by one that was refused", async () => {
    await reload();
    writeFileSync(service.configFile, "connections: { max: none }\n");
    await reload();
    const { versions, changed_on_disk } = await history();
    expect(versions).toHaveLength(1);
    expect(changed_on_disk).toBe(true);
  });

  test("survives a restart and keeps the newest 50", async () => {
    for (let i = 1; i <= 52; i++) {
      writeFileSync(service.configFile, `connections: { max: ${i} }\n`);
      await reload();
    }
    await startAgain();
    const { versions } = await history();
    expect(versions).toHaveLength(50);
    expect(versions[0]).toMatchObject({ current: true, changes: [{ before: 51, after: 52 }] });
    expect(readdirSync(join(service.folder, "config-history"))).toHaveLength(100);
  });

  test("a damaged version hides no other, and can't be rolled back to", async () => {
    writeFileSync(service.configFile, "connections: { max: 60 }\n");
    await reload();
    const [newest, oldest] = (await history()).versions;
    const folder = join(service.folder, "config-history");
    writeFileSync(join(folder, `${oldest?.id}.text`), "connections: { max: 1 }\n");
    const tampered = await ask("POST", "/admin/config-rollback", { id: oldest?.id });
    expect([tampered.status, tampered.body.error.code]).toEqual([404, "UNKNOWN_CONFIG_VERSION"]);
    writeFileSync(join(folder, `${oldest?.id}.json`), "{");
    expect((await history()).versions.map((version) => version.id)).toEqual([newest?.id]);
  });
});

describe("a roll-back", () => {
  const rollBack = (id: unknown, dryRun?: boolean) =>
    ask("POST", "/admin/config-rollback", dryRun === undefined ? { id } : { id, dry_run: dryRun });
  let first: string;
  beforeEach(async () => {
    writeFileSync(service.configFile, "connections: { max: 60 }\n", { mode: 0o640 });
    chmodSync(service.configFile, 0o640);
    await reload();
    first = (await history()).versions[1]?.id ?? "";
  });

  test("shows the diff on a dry run, and then puts the version in force and into the file", async () => {
    const dry = await rollBack(first, true);
    expect(dry).toMatchObject({ status: 200, body: { valid: true, dry_run: true, applied: [] } });
    expect(dry.body.changes).toMatchObject([{ key: "connections.max", before: 60, after: 50 }]);
    expect(max()).toBe(60);
    expect(readFileSync(service.configFile, "utf8")).toContain("60");

    expect((await rollBack(first)).body).toMatchObject({ valid: true, applied: ["connections.max"] });
    expect(max()).toBe(50);
    expect(readFileSync(service.configFile, "utf8")).toBe("connections: { max: 50 }\n");
    expect(statSync(service.configFile).mode & 0o777).toBe(0o640);
    const { versions, changed_on_disk } = await history();
    expect(versions.map((version) => [version.cause, version.current])).toEqual([
      ["rollback", true],
      ["reload", false],
      ["start", false],
    ]);
    expect(changed_on_disk).toBe(false);
    expect((await effective()).last_reload).toMatchObject({ cause: "rollback", by: "ada", valid: true });
  });

  test("keeps what stood in the file and was never applied, broken or not", async () => {
    const broken = Buffer.from([0xff, 0x00, 0x3a]);
    writeFileSync(service.configFile, broken);
    expect((await rollBack(first)).status).toBe(200);
    const { versions } = await history();
    expect(versions.map((version) => version.cause)).toEqual(["rollback", "replaced", "reload", "start"]);
    const kept = join(service.folder, "config-history", `${versions[1]?.id}.text`);
    expect(readFileSync(kept)).toEqual(broken);
    expect(readFileSync(service.configFile, "utf8")).toBe("connections: { max: 50 }\n");
    expect((await history()).changed_on_disk).toBe(false);
    // And a broken one is no way back.
    expect(await rollBack(versions[1]?.id)).toMatchObject({ status: 422, body: { valid: false } });
    expect(max()).toBe(50);
  });

  test("replaces what a link leads to, not the link", async () => {
    const real = join(service.folder, "real.yaml");
    renameSync(service.configFile, real);
    symlinkSync(real, service.configFile);
    expect((await rollBack(first)).status).toBe(200);
    expect(lstatSync(service.configFile).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe("connections: { max: 50 }\n");
  });

  test("to a version that today's schema refuses changes nothing and tells its mistakes", async () => {
    const file = join(service.folder, "config-history", `${first}.json`);
    const text = "connections: { max: 50 }\nold_key: 1\n";
    const stored = JSON.parse(readFileSync(file, "utf8"));
    stored.sha256 = createHash("sha256").update(text).digest("hex");
    writeFileSync(file, JSON.stringify(stored));
    writeFileSync(file.replace(".json", ".text"), text);
    expect(await rollBack(first)).toMatchObject({
      status: 422,
      body: { valid: false, dry_run: false, mistakes: [{ line: 2, column: 1, key: "old_key" }] },
    });
    expect(max()).toBe(60);
    expect(readFileSync(service.configFile, "utf8")).toBe("connections: { max: 60 }\n");
  });

  test("that can't keep what stands in the file leaves it there", async () => {
    const text = "connections: { max: 70 }\n";
    writeFileSync(service.configFile, text);
    const id = `000003-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
    mkdirSync(join(service.folder, "config-history", `${id}.text`, "in-the-way"), { recursive: true });
    const answer = await rollBack(first);
    expect([answer.status, answer.body.error.code]).toEqual([500, "STORAGE_FAILED"]);
    expect(readFileSync(service.configFile, "utf8")).toBe(text);
    expect(max()).toBe(60);
  });

  test("brings back a file that is gone", async () => {
    rmSync(service.configFile);
    expect((await history()).changed_on_disk).toBeNull();
    expect((await rollBack(first)).status).toBe(200);
    expect(readFileSync(service.configFile, "utf8")).toBe("connections: { max: 50 }\n");
  });

  test("that can't replace the file changes nothing", async () => {
    rmSync(service.configFile);
    mkdirSync(service.configFile);
    const answer = await rollBack(first);
    expect([answer.status, answer.body.error.code]).toEqual([500, "STORAGE_FAILED"]);
    expect(max()).toBe(60);
  });

  test.each(["none", "../../etc/passwd", "000099-00000000", ""])("to %j is refused", async (id) => {
    const answer = await rollBack(id);
    expect([answer.status, answer.body.error.code]).toEqual([404, "UNKNOWN_CONFIG_VERSION"]);
  });
});

test("keys that need a restart stay pending until then, or until the file takes them back", async () => {
  writeFileSync(service.configFile, "shutdown: { timeout: 3 }\nsources: { simulated: { seed: 9 } }\n");
  expect((await reload()).needs_restart).toEqual(["sources.simulated.seed"]);
  await reload();
  expect((await effective()).pending_restart).toEqual([
    { key: "sources.simulated.seed", running: 1, configured: 9 },
  ]);
  expect((await effective()).keys.find((key) => key.key === "sources.simulated.seed")?.value).toBe(1);
  writeFileSync(service.configFile, "# nothing\n");
  await reload();
  expect((await effective()).pending_restart).toEqual([]);
});
