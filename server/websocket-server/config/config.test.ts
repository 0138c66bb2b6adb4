import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "./file";
import { ConfigRefused, formatMistake } from "./mistake";
import { resolveConfig } from "./resolve";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";
import { ConfigStore } from "./store";

const byHand = { dryRun: false, cause: "reload", by: "test" } as const;

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
  file = join(folder, "websocket_config.yaml");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withFile(text: string, env: Record<string, string> = {}) {
  writeFileSync(file, text);
  return { WEBSOCKET_CONFIG: file, ...env };
}

function mistakesOf(env: Record<string, string>) {
  try {
    resolveConfig(env);
  } catch (error) {
    if (error instanceof ConfigRefused) return error.mistakes;
    throw error;
  }
  return [];
}

describe("the ladder", () => {
  const inFile = "connections: { max: 20 }\nheartbeat: { interval: 7 }\nlogging: { level: WARN }\n";
  test.each<[string, Record<string, string>, KeyName, unknown, string, string | null, string[]]>([
    ["the default when nothing is set", {}, "heartbeat.timeout", 30, "default", null, []],
    ["the file over the default", {}, "connections.max", 20, "file", null, ["default"]],
    [
      "a short name over the file",
      { MAX_CONNECTIONS: "30" },
      "connections.max",
      30,
      "env",
      "MAX_CONNECTIONS",
      ["file", "default"],
    ],
    [
      "the long name over the short one",
      { MAX_CONNECTIONS: "30", WEBSOCKET_CONNECTIONS_MAX: "40" },
      "connections.max",
      40,
      "env",
      "WEBSOCKET_CONNECTIONS_MAX",
      ["env", "file", "default"],
    ],
    ["an empty variable is unset", { MAX_CONNECTIONS: "" }, "connections.max", 20, "file", null, ["default"]],
    ["a level in any case", {}, "logging.level", "warn", "file", null, ["default"]],
    [
      "lists by commas",
      { WEBSOCKET_PUBLISH_ALLOW: "a.*, b" },
      "publish.allow",
      ["a.*", "b"],
      "env",
      "WEBSOCKET_PUBLISH_ALLOW",
      ["default"],
    ],
    [
      "booleans as words",
      { WEBSOCKET_LOGGING_STDOUT: "off" },
      "logging.stdout",
      false,
      "env",
      "WEBSOCKET_LOGGING_STDOUT",
      ["default"],
    ],
  ])("%s", (_name, env, key, value, winner, variable, losers) => {
    const entry = new ConfigStore(withFile(inFile, env)).effective().keys.find((each) => each.key === key);
    expect(entry).toMatchObject({ value, winner, variable });
    expect(entry?.losers.map((loser) => loser.source)).toEqual(losers);
  });

  test("two variables of one key are a conflict, unknown variables of the service are named", () => {
    const env = {
      MAX_CONNECTIONS: "1",
      WEBSOCKET_CONNECTIONS_MAX: "2",
      WEBSOCKET_CONECTIONS_MAX: "3",
      WIREWATCH_X: "1",
    };
    const effective = new ConfigStore(withFile("", env)).effective();
    expect(effective.conflicts).toMatchObject([
      { key: "connections.max", variables: ["WEBSOCKET_CONNECTIONS_MAX", "MAX_CONNECTIONS"] },
    ]);
    expect(effective.unknown_variables).toEqual([
      { variable: "WEBSOCKET_CONECTIONS_MAX", did_you_mean: "WEBSOCKET_CONNECTIONS_MAX" },
    ]);
  });

  test.each([
    ["WEBSOCKET_MAX_CONNECTION", "WEBSOCKET_CONNECTIONS_MAX"],
    ["WEBSOCKET_HEARTBEAT_INTERVALL", "WEBSOCKET_HEARTBEAT_INTERVAL"],
    ["WEBSOCKET_HEARTBEAT_INTREVAL", "WEBSOCKET_HEARTBEAT_INTERVAL"],
    ["WEBSOCKET_CONNECTIONSMAX", "WEBSOCKET_CONNECTIONS_MAX"],
    ["WEBSOCKET_CONFG", "WEBSOCKET_CONFIG"],
    ["WEBSOCKET_ZZZZZZZZ", null],
    ["websocket_port", "WEBSOCKET_PORT"],
    ["MAX_CONNECTION", "MAX_CONNECTIONS"],
    ["HEARTBEAT_INTERVALL", "HEARTBEAT_INTERVAL"],
    ["PING_TIMEOUTS", "PING_TIMEOUT"],
    ["LOG_LEVLE", "LOG_LEVEL"],
    ["LOG_KEEP", "WEBSOCKET_LOGGING_KEEP"],
    ["log_level", "LOG_LEVEL"],
  ])("%s is reported as unknown, and %s as what was meant", (variable, did_you_mean) => {
    const effective = new ConfigStore(withFile("", { [variable]: "1" })).effective();
    expect(effective.unknown_variables).toEqual([{ variable, did_you_mean }]);
  });

  test.each(["PATH", "LOG_DIR", "MAX_MEMORY", "PINGTIMEOUT", "XMAX_CONNECTIONS"])(
    "%s is left to whom it belongs",
    (variable) => {
      const effective = new ConfigStore(withFile("", { [variable]: "1" })).effective();
      expect(effective.unknown_variables).toEqual([]);
    },
  );

  test("whatever is set and not in force is told with what wins over it", () => {
    const env = { MAX_CONNECTIONS: "30", WEBSOCKET_CONNECTIONS_MAX: "40", LOG_LEVEL: "warn" };
    const { shadowed } = new ConfigStore(withFile("connections: { max: 20 }\n", env)).effective();
    expect(shadowed).toEqual([
      {
        key: "connections.max",
        source: "env",
        variable: "MAX_CONNECTIONS",
        by: "env",
        by_variable: "WEBSOCKET_CONNECTIONS_MAX",
        message: "MAX_CONNECTIONS sets connections.max too; WEBSOCKET_CONNECTIONS_MAX wins",
      },
      {
        key: "connections.max",
        source: "file",
        variable: null,
        by: "env",
        by_variable: "WEBSOCKET_CONNECTIONS_MAX",
        message: "the file sets connections.max too; WEBSOCKET_CONNECTIONS_MAX wins",
      },
    ]);
  });

  test("a default file that is not read, since another is, is named", () => {
    const away = process.cwd();
    process.chdir(folder);
    try {
      mkdirSync("config");
      writeFileSync("config/websocket_config.json", '{\n\t"connections": {"max": 3}\n}\n');
      const json = new ConfigStore({});
      expect(json.settings["connections.max"]).toBe(3);
      expect(json.effective()).toMatchObject({ file: "config/websocket_config.json", ignored_files: [] });
      writeFileSync("config/websocket_config.yaml", "connections: { max: 4 }\n");
      const yaml = new ConfigStore({});
      expect(yaml.settings["connections.max"]).toBe(4);
      expect(yaml.effective().ignored_files).toEqual(["config/websocket_config.json"]);
      rmSync("config", { recursive: true });
      expect(yaml.reload(byHand)).toMatchObject({ valid: false });
      expect(yaml.settings["connections.max"]).toBe(4);
    } finally {
      process.chdir(away);
    }
  });

  test.each([
    ['{"port": 1,}', 1, 12, /a name in double quotes, got "}"/],
    ['{"port": 1\n"host": "a"}', 2, 1, /"," or "}", got "\\""/],
    ["{'port': 1}", 1, 2, /a name in double quotes/],
    ['{"port": 01}', 1, 10, /got "0"/],
    ['{"port": 1} x', 1, 13, /the end of the file, got "x"/],
    ['{"port": [1, 2', 1, 15, /"," or "]", got the end of the file/],
    ["port: 1", 1, 1, /a value, got "p"/],
    ["", 1, 1, /a value, got the end of the file/],
  ])("in a .json file %j is a mistake at line %i, column %i", (text, line, column, message) => {
    const { mistakes } = parseConfig("a.json", Buffer.from(text));
    expect(mistakes).toMatchObject([{ line, column, message: expect.stringMatching(message) }]);
  });

  test("no two keys share an environment name", () => {
    const names = keyNames
      .flatMap((name) => [variableOf(name), keyOf(name).short])
      .filter((name) => name !== null);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("WEBSOCKET_CONFIG");
  });

  test("every default is a value its own key accepts", () => {
    for (const name of keyNames) expect(keyOf(name).read(keyOf(name).default)).toMatchObject({ ok: true });
  });
});

describe("mistakes", () => {
  test.each([
    ["heartbeat:\n  interval: fast\n", 2, "heartbeat.interval", /a number of seconds/],
    ["heartbeat:\n  intervall: 3\n", 2, "heartbeat.intervall", /did you mean heartbeat\.interval\?/],
    ["heartbeat: 3\n", 1, "heartbeat", /a group of keys/],
    ["connections:\n  max: -1\n", 2, "connections.max", /from 1 to/],
    ["connections:\n  max: 1.5\n", 2, "connections.max", /whole number/],
    ["port: .nan\n", 1, "port", /whole number/],
    ["logging:\n  stdout: maybe\n", 2, "logging.stdout", /true or false/],
    ["publish:\n  allow: chat\n", 2, "publish.allow", /a list/],
    ["a: b: c\n", 1, null, /./],
    ["port: 1\nport: 2\n", 2, "port", /once/],
    ["- 1\n", 1, null, /keys and values/],
    ["x: &a 1\nport: *a\n", 2, null, /an alias/],
    ['{"port": "x"}', 1, "port", /whole number/],
    ["__proto__:\n  port: 1\n", 1, "__proto__", /unknown key/],
    ["constructor: 1\n", 1, "constructor", /unknown key/],
  ])("%j is told by line and key", (text, line, key, message) => {
    const [mistake] = mistakesOf(withFile(text));
    expect(mistake).toMatchObject({ file, line, key });
    expect(mistake?.message).toMatch(message);
  });

  test("all of them are told at once, variables too", () => {
    const env = withFile("port: x\nhost: 5\n", { MAX_CONNECTIONS: "many", LOG_LEVEL: "loud" });
    expect(mistakesOf(env).map(formatMistake)).toEqual([
      `${file}:1:7 port: expected a whole number from 0 to 65535, got "x"`,
      `${file}:2:7 host: expected text, got 5`,
      expect.stringContaining("MAX_CONNECTIONS: expected a whole number"),
      expect.stringContaining("LOG_LEVEL: expected one of debug, info"),
    ]);
  });

  test("a file that was named must exist", () => {
    expect(mistakesOf({ WEBSOCKET_CONFIG: join(folder, "none.yaml") })[0]?.message).toMatch(/cannot be read/);
  });

  test("a wrong secret is not repeated", () => {
    const told = JSON.stringify(mistakesOf(withFile("admin:\n  token: [hunter2]\n")));
    expect(told).toContain("admin.token");
    expect(told).not.toContain("hunter2");
  });

  test.each([
    "token: hunter2: x",
    'token: "hunter2" hunter2',
    "token: hunter2\n   hunter2: x",
    "token: !hunter2",
    "token: !!hunter2 x",
    "token: *hunter2",
    "token: |hunter2",
    "token: >hunter2\n x",
    "token: %hunter2",
    "token: @hunter2",
    'token: "\\hunter2"',
    'token: "hunter2',
    "token: [hunter2",
    "token: {hunter2}",
    "token: ? hunter2",
    "hunter2",
    "]hunter2",
    "token: 'hunter2' 'hunter2'",
    "tokn: hunter2",
    "token:\n    hunter2\n  x",
  ])("a secret beside a mistake is not repeated: %j", (line) => {
    const mistakes = mistakesOf(withFile(`admin:\n  ${line}\n`));
    expect(mistakes).not.toEqual([]);
    const told = mistakes.map(({ key, ...mistake }) => formatMistake({ ...mistake, key: null }));
    expect(told.join("\n").replaceAll(file, "")).not.toMatch(/hunter/);
  });

  test("an admin port that others can reach asks for a token", () => {
    const env = withFile("", { WEBSOCKET_ADMIN_HOST: "0.0.0.0" });
    expect(mistakesOf(env)).toMatchObject([{ key: "admin.token" }]);
    expect(mistakesOf({ ...env, WEBSOCKET_ADMIN_TOKEN: "t" })).toEqual([]);
    expect(mistakesOf({ ...env, WEBSOCKET_ADMIN_ALLOW_WITHOUT_TOKEN: "true" })).toEqual([]);
  });

  test("empty files, comments and keys without a value mean the defaults", () => {
    for (const text of ["", "# nothing\n", "heartbeat:\n", "heartbeat:\n  interval:\n"]) {
      expect(parseConfig("f", Buffer.from(text))).toEqual({ values: new Map(), mistakes: [] });
    }
  });
});

describe("reload", () => {
  test("hot keys come into force, others wait for a restart, and listeners hear of it", () => {
    const store = new ConfigStore(withFile("port: 1\nconnections: { max: 5 }\n"));
    const heard: KeyName[][] = [];
    store.onApplied((applied) => heard.push(applied));
    withFile("port: 2\nconnections: { max: 6 }\n");
    const dry = store.reload({ ...byHand, dryRun: true });
    expect(dry).toMatchObject({ valid: true, dry_run: true, applied: [], needs_restart: ["port"] });
    expect(dry.changes).toEqual([
      { key: "port", before: 1, after: 2, hot: false },
      { key: "connections.max", before: 5, after: 6, hot: true },
    ]);
    expect(store.settings["connections.max"]).toBe(5);
    expect(store.lastReloadAtMs).toBeNull();

    expect(store.reload(byHand)).toMatchObject({ applied: ["connections.max"], needs_restart: ["port"] });
    expect(store.settings["connections.max"]).toBe(6);
    expect(store.settings.port).toBe(1);
    expect(heard).toEqual([["connections.max"]]);
    expect(store.lastReloadOk).toBe(true);
    expect(store.effective().keys.find((each) => each.key === "port")?.value).toBe(1);
  });

  test("one mistake anywhere and nothing at all changes", () => {
    const store = new ConfigStore(withFile("connections: { max: 5 }\n"));
    const before = store.settings;
    withFile("connections: { max: 6 }\nheartbeat: { interval: x }\n");
    expect(store.reload(byHand)).toMatchObject({
      valid: false,
      changes: [],
      applied: [],
      mistakes: [{ line: 2, key: "heartbeat.interval" }],
    });
    expect(store.settings).toBe(before);
    expect(store.lastReloadOk).toBe(false);
  });

  test("the settings are one object that a reload replaces, never changes", () => {
    const store = new ConfigStore(withFile("connections: { max: 5 }\n"));
    const before = store.settings;
    withFile("connections: { max: 6 }\nheartbeat: { interval: 5 }\n");
    store.reload(byHand);
    expect(before).toMatchObject({ "connections.max": 5, "heartbeat.interval": 30 });
    expect(store.settings).toMatchObject({ "connections.max": 6, "heartbeat.interval": 5 });
  });

  test("a secret shows only whether it is set", () => {
    const store = new ConfigStore(withFile("admin: { token: hunter2 }\n"));
    withFile("admin: { token: hunter3 }\n");
    const told = JSON.stringify([
      store.reload({ ...byHand, dryRun: true }),
      store.effective(),
      store.running(),
    ]);
    expect(told).not.toMatch(/hunter/);
    expect(store.running()).toMatchObject({
      admin: { token: "set" },
      heartbeat: { interval: 30, timeout: 30 },
    });
  });
});
