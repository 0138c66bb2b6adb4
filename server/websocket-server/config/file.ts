import { existsSync, readFileSync, statSync } from "node:fs";
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { ConfigMistake } from "./mistake";
import { type KeyName, keyNames, keyOf } from "./schema";

const largestFile = 1_048_576;

export interface FileReading {
  values: Map<KeyName, unknown>;
  mistakes: ConfigMistake[];
}

/** The file used when none is named: the first of these that exists, else null. */
export function findDefaultFile(): string | null {
  const names = ["config/websocket_config.yaml", "config/websocket_config.json"];
  return names.find((name) => existsSync(name)) ?? null;
}

/** Reads a YAML or JSON file (YAML holds JSON). Every mistake is told with its line. */
export function readConfigFile(file: string): FileReading {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > largestFile)
      return refused(file, `expected a file of at most ${largestFile} bytes, got ${size}`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    return refused(file, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseConfig(file, text);
}

function refused(file: string, message: string): FileReading {
  const mistake = { file, line: null, column: null, key: null, expected: "a readable file", message };
  return { values: new Map(), mistakes: [mistake] };
}

export function parseConfig(file: string, text: string): FileReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const values = new Map<KeyName, unknown>();
  const mistakes: ConfigMistake[] = [];
  const mistakeAt = (offset: number, key: string | null, expected: string, message: string) => {
    const position = lines.linePos(offset);
    mistakes.push({ file, line: position.line, column: position.col, key, expected, message });
  };

  for (const error of document.errors) {
    mistakeAt(error.pos[0], null, "valid YAML", error.message.split("\n")[0] ?? error.code);
  }
  if (mistakes.length > 0) return { values, mistakes };

  const visit = (node: Node | null, path: string, depth: number) => {
    const offset = node?.range?.[0] ?? 0;
    if (isAlias(node)) {
      mistakeAt(offset, path, "a plain value", "expected a plain value, got an alias");
      return;
    }
    if (path !== "" && isKey(path)) {
      readValue(node, path);
      return;
    }
    if (node === null || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      const message = path === "" ? "expected keys and values" : "expected a group of keys";
      mistakeAt(offset, path === "" ? null : path, "a group of keys", message);
      return;
    }
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      const inner = path === "" ? name : `${path}.${name}`;
      const keyOffset = (pair.key as Node | null)?.range?.[0] ?? offset;
      if (depth < 8 && (isKey(inner) || isGroup(inner))) {
        visit(pair.value as Node | null, inner, depth + 1);
      } else {
        const near = nearest(inner);
        mistakeAt(keyOffset, inner, "a known key", `unknown key${near ? `; ${near} is near` : ""}`);
      }
    }
  };

  const readValue = (node: Node | null, name: KeyName) => {
    const key = keyOf(name);
    const value: unknown = node === null ? null : node.toJS(document);
    // A key without a value is left at its default, as an editor's half-filled template has it.
    if (value === null) return;
    const read = key.read(value);
    if (read.ok) {
      values.set(name, read.value);
      return;
    }
    const got = key.secret ? "something else" : (JSON.stringify(value) ?? "nothing").slice(0, 80);
    mistakeAt(node?.range?.[0] ?? 0, name, read.expected, `expected ${read.expected}, got ${got}`);
  };

  visit(document.contents as Node | null, "", 0);
  return { values, mistakes };
}

function isKey(path: string): path is KeyName {
  return (keyNames as string[]).includes(path);
}

function isGroup(path: string): boolean {
  return keyNames.some((name) => name.startsWith(`${path}.`));
}

/** The known key that differs in the fewest letters, if it is near at all. */
function nearest(path: string): string | null {
  if (path.length > 100) return null;
  let best: string | null = null;
  let bestDistance = 4;
  for (const name of keyNames) {
    const distance = editDistance(path, name);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
