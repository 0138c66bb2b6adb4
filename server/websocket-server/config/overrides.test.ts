import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isCodedError } from "../../../lib/errors";
import { createLogger } from "../../process/logger";
import { ConfigControl } from "./control";
import { keyNames, keyOf } from "./schema";
import { ConfigStore } from "./store";

let folder: string;
let nowMs: number;
let lines: string[];
const opened: ConfigControl[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "overrides-"));
  nowMs = 1_700_000_000_000;
  lines = [];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const control of opened.splice(0)) await control.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(env: Record<string, string> = {}) {
  const file = join(folder, "config.yaml");
  writeFileSync(file, "");
  const config = new ConfigStore({ WEBSOCKET_DATA_DIR: folder, WEBSOCKET_CONFIG: file, ...env }, () => nowMs);
  const logger = createLogger((line) => lines.push(line));
  const control = new ConfigControl({ config, logger, nowMs: () => nowMs });
  opened.push(control);
  await control.open();
  return { config, control };
}

const order = { ttlSeconds: 60, reason: "test", by: "ada" };

test("an override ends by the clock, also when the clock is set forward and no timer would tell", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { config, control } = await open();
  await control.setOverride("connections.max", { ...order, value: 7, ttlSeconds: 604_800 });
  vi.advanceTimersByTime(60_000);
  expect(config.settings["connections.max"]).toBe(7);
  nowMs += 604_799_999;
  vi.advanceTimersByTime(5_000);
  expect(config.settings["connections.max"]).toBe(7);
  nowMs += 1;
  vi.advanceTimersByTime(5_000);
  expect(config.settings["connections.max"]).toBe(10_000);
  expect(lines.at(-1)).toContain("config override expired key=connections.max value=7");
  expect(vi.getTimerCount()).toBe(0);
});

test("a clock that is set back makes an override last until its instant, not end early", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { config, control } = await open();
  await control.setOverride("connections.max", { ...order, value: 7, ttlSeconds: 1 });
  nowMs -= 3_600_000;
  vi.advanceTimersByTime(10_000);
  expect(config.settings["connections.max"]).toBe(7);
});

test("one that expired while the service was stopped is told and not in force", async () => {
  const first = await open();
  await first.control.setOverride("connections.max", { ...order, value: 7 });
  nowMs += 60_000;
  const second = await open();
  expect(second.config.settings["connections.max"]).toBe(10_000);
  expect(lines.at(-1)).toContain("config override expired while stopped key=connections.max");
});

test("setting it again replaces value, end and reason", async () => {
  const { config, control } = await open();
  await control.setOverride("connections.max", { ...order, value: 7 });
  nowMs += 1_000;
  await control.setOverride("connections.max", { ...order, value: 8, reason: "other" });
  expect(config.overrides).toEqual([
    {
      key: "connections.max",
      value: 8,
      set_at_ms: nowMs,
      expires_at_ms: nowMs + 60_000,
      reason: "other",
      by: "ada",
    },
  ]);
});

test("many at once are all kept", async () => {
  const { config, control } = await open();
  const hot = keyNames.filter((name) => keyOf(name).hot);
  await Promise.all(hot.map((key) => control.setOverride(key, { ...order, value: keyOf(key).default })));
  expect(config.overrides).toHaveLength(hot.length);
  expect(JSON.parse(readFileSync(join(folder, "config-overrides.json"), "utf8")).overrides).toHaveLength(
    hot.length,
  );
});

test("the values as they come, of any key: taken and valid, or refused with a code and nothing changed", async () => {
  const { config, control } = await open();
  const key = fc.oneof(fc.constantFrom<string>(...keyNames), fc.constantFrom("__proto__", "x", ""));
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...keyNames.map((name) => keyOf(name).default)),
  );
  await fc.assert(
    fc.asyncProperty(key, value, async (name, wanted) => {
      const before = config.settings;
      try {
        await control.setOverride(name, { ...order, value: wanted });
      } catch (error) {
        if (!isCodedError(error)) throw error;
        expect(["UNKNOWN_CONFIG_KEY", "NOT_HOT_RELOADABLE", "INVALID_VALUE"]).toContain(error.code);
        expect(config.settings).toBe(before);
        return;
      }
      for (const each of keyNames) {
        expect(keyOf(each).read(config.settings[each])).toEqual({ ok: true, value: config.settings[each] });
      }
    }),
    { numRuns: 150 },
  );
});

test("without a configuration file there is no history, and nothing to roll back", async () => {
  const away = process.cwd();
  process.chdir(folder);
  try {
    const { control } = await open({ WEBSOCKET_CONFIG: "" });
    await control.started();
    expect(await control.history()).toEqual({ file: null, versions: [], changed_on_disk: null });
    await expect(control.rollBack("000001-00000000", false, "ada")).rejects.toMatchObject({
      code: "NO_CONFIG_FILE",
    });
  } finally {
    process.chdir(away);
  }
});

test("a history that can't be kept is told, and the service runs", async () => {
  writeFileSync(join(folder, "config-history"), "a file where the folder should be");
  const { config, control } = await open();
  await control.started();
  expect(lines.at(-1)).toContain("WARN  config history can't be kept");
  writeFileSync(config.file ?? "", "connections: { max: 5 }\n");
  expect(await control.reload(false, "ada")).toMatchObject({ applied: ["connections.max"] });
  await expect(control.history()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});
