import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { findJsonMistake } from "./json-mistake";
import { ConfigRefused, mostMistakes } from "./mistake";
import { sampleConfig } from "./sample";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";
import { ConfigStore } from "./store";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const byHand = { dryRun: false, cause: "reload", by: "test" } as const;

/** Settings that every key accepts, or mistakes that say something: nothing else may come of any input. */
function settingsOrMistakes(env: Record<string, string>): void {
  let store: ConfigStore;
  try {
    store = new ConfigStore(env);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    expect(error.mistakes.length).toBeGreaterThan(0);
    expect(error.mistakes.length).toBeLessThanOrEqual(mostMistakes + 1);
    expect(error.message.split("\n")).toHaveLength(error.mistakes.length);
    for (const mistake of error.mistakes) {
      expect(mistake.expected).not.toBe("");
      expect(mistake.message).not.toBe("");
      if (mistake.line !== null) expect(Math.min(mistake.line, mistake.column ?? 0)).toBeGreaterThan(0);
    }
    return;
  }
  for (const name of keyNames) {
    expect(keyOf(name).read(store.settings[name])).toEqual({ ok: true, value: store.settings[name] });
    expect(store.describe(name).losers.length + 1).toBeGreaterThan(0);
  }
  expect(Object.keys(store.settings).sort()).toEqual([...keyNames].sort());
}

function fileOf(name: string, content: string | Uint8Array): Record<string, string> {
  const file = join(folder, name);
  writeFileSync(file, content);
  return { WEBSOCKET_CONFIG: file };
}

const wild = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    0,
    -1,
    1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    "true",
    "30",
    null,
    [],
    {},
  ),
  fc.date({ noInvalidDate: true }),
);
const name = fc.oneof(
  fc.constantFrom<string>(...keyNames),
  fc.constantFrom("__proto__", "constructor", "toString", "connections", "heartbeat.", ".", "a.b.c"),
  fc.string({ maxLength: 12 }),
);
const sensible = fc.constantFrom<KeyName>(...keyNames).map((key) => [key, keyOf(key).default] as const);

/** Nests by the dots, as a file does. */
function nest(entries: readonly (readonly [string, unknown])[]): unknown {
  const root = new Map<string, unknown>();
  for (const [path, value] of entries) {
    const parts = path.split(".");
    let group = root;
    for (const part of parts.slice(0, -1)) {
      const inner = group.get(part);
      const next = inner instanceof Map ? inner : new Map<string, unknown>();
      group.set(part, next);
      group = next;
    }
    group.set(parts.at(-1) ?? "", value);
  }
  return root;
}

describe("settings or mistakes, never a crash, come of", () => {
  test("files of keys, right and wrong", () => {
    const entries = fc.array(fc.oneof(sensible, fc.tuple(name, wild)), { maxLength: 12 });
    fc.assert(
      fc.property(entries, (list) => settingsOrMistakes(fileOf("keys.yaml", stringify(nest(list))))),
      { numRuns: 300 },
    );
  });

  test("bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        settingsOrMistakes(fileOf("bytes.yaml", bytes)),
      ),
      { numRuns: 200 },
    );
  });

  test("text made of what YAML is made of", () => {
    const pieces = [
      "a",
      ":",
      " ",
      "\n",
      "  ",
      "- ",
      "? ",
      "[",
      "]",
      "{",
      "}",
      ",",
      "&x",
      "*x",
      "!",
      "!!str ",
    ];
    const more = [
      "|",
      ">",
      "'",
      '"',
      "#",
      "%",
      "---\n",
      "...\n",
      "\t",
      "\r\n",
      "<<",
      "~",
      "port",
      "0x1f",
      "\\",
    ];
    const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 60 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom("a.yaml", "a.json"), (content, file) =>
        settingsOrMistakes(fileOf(file, content)),
      ),
      { numRuns: 1_000 },
    );
  });

  test("a good file that was damaged", () => {
    const good = sampleConfig().replace(/^( *)# (?=[\w]+: )/gm, "$1");
    const damage = fc.record({
      at: fc.nat(good.length),
      gone: fc.nat(20),
      put: fc.string({ maxLength: 8, unit: "binary" }),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
        const text = all.reduce(
          (left, { at, gone, put }) => left.slice(0, at) + put + left.slice(at + gone),
          good,
        );
        settingsOrMistakes(fileOf("damaged.yaml", text));
      }),
      { numRuns: 150 },
    );
  });

  test("variables", () => {
    const variable = fc.oneof(
      fc.constantFrom(...keyNames.map(variableOf), "MAX_CONNECTIONS", "LOG_LEVEL", "LOG_LEVLE", "MAX_X"),
      fc.string({ maxLength: 20 }).map((text) => `WEBSOCKET_${text}`),
    );
    const text = fc.oneof(fc.string(), fc.constantFrom("1", "30", "true", "a,b", ",,", "1e3", "0x10", "-0"));
    fc.assert(
      fc.property(fc.array(fc.tuple(variable, text), { maxLength: 10 }), (list) => {
        const env = Object.fromEntries(list.filter(([each]) => each !== "WEBSOCKET_CONFIG"));
        settingsOrMistakes({ ...fileOf("empty.yaml", ""), ...env });
      }),
      { numRuns: 300 },
    );
  });
});

test("a reload of anything is whole or nothing", () => {
  const entries = fc.array(fc.oneof(sensible, fc.tuple(name, wild)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(entries, (list) => {
      const env = fileOf("reload.yaml", "connections: { max: 5 }\n");
      const store = new ConfigStore(env);
      const before = store.settings;
      fileOf("reload.yaml", stringify(nest(list)));
      const { valid, applied, mistakes } = store.reload(byHand);
      expect(valid).toBe(mistakes.length === 0);
      if (!valid) expect(store.settings).toBe(before);
      const changed = keyNames.filter(
        (key) => JSON.stringify(before[key]) !== JSON.stringify(store.settings[key]),
      );
      expect(changed).toEqual(applied);
    }),
    { numRuns: 200 },
  );
});

test("what JSON.parse takes is JSON, and of all else the place is told within the text", () => {
  const text = fc.oneof(
    fc.json(),
    fc.tuple(fc.json(), fc.nat(60), fc.string({ maxLength: 2 })).map(([json, at, put]) => {
      return json.slice(0, at) + put + json.slice(at + 1);
    }),
  );
  fc.assert(
    fc.property(text, (content) => {
      const mistake = findJsonMistake(content);
      let valid = true;
      try {
        JSON.parse(content);
      } catch {
        valid = false;
      }
      expect(mistake === null).toBe(valid);
      if (mistake === null) return;
      expect(mistake.offset).toBeLessThanOrEqual(content.length);
      // All before the place is the beginning of some JSON: what JSON.parse misses there is more of it.
      const told = /at position (\d+)/.exec(reasonOf(content))?.[1];
      if (told !== undefined) expect(mistake.offset).toBeLessThanOrEqual(Number(told));
    }),
    { numRuns: 500 },
  );
});

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return String(error);
  }
}
