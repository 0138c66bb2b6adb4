import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from "yaml";
import { decodeText } from "./decode-text";
import { findJsonMistake } from "./json-mistake";
import { type ConfigMistake, gotText } from "./mistake";
import { readRegularFile } from "./read-regular-file";
import { type KeyName, keyOf } from "./schema";
import { isGroup, isKey, suggestKey } from "./suggest";
import { findTooDeep } from "./syntax-limits";

/** Parsing must not hold up the service, whatever stands in the file. */
export const largestFile = 65_536;

export interface FileReading {
  values: Map<KeyName, unknown>;
  mistakes: ConfigMistake[];
}

export interface FileContent {
  bytes: Buffer;
  sha256: string;
}

const defaultFiles = ["config/websocket_config.yaml", "config/websocket_config.json"];

/** The file used when none is named: the first of the default ones that exists, else null. */
export function findDefaultFile(): string | null {
  return defaultFiles.find((name) => existsSync(name)) ?? null;
}

/** Default files that are there and not read, since `file` is. */
export function findIgnoredFiles(file: string | null): string[] {
  return defaultFiles.filter((name) => name !== file && existsSync(name));
}

/** Reads a YAML or JSON file. Every mistake is told with its line. Content is null when it can't be read. */
export function readConfigFile(file: string): FileReading & { content: FileContent | null } {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(file, largestFile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const expected = `a readable file of at most ${largestFile} bytes`;
    const message = `cannot be read: ${reason}; expected ${expected}`;
    const mistake = { file, line: null, column: null, key: null, expected, message };
    return { values: new Map(), mistakes: [mistake], content: null };
  }
  return { ...parseConfig(file, bytes), content: contentOf(bytes) };
}

export function contentOf(bytes: Buffer): FileContent {
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Never throws; mistakes stand in the order of the file. */
export function parseConfig(file: string, bytes: Buffer): FileReading {
  const values = new Map<KeyName, unknown>();
  const mistakes: ConfigMistake[] = [];
  const decoded = decodeText(bytes);
  const lines = new LineCounter();
  const mistakeAt = (offset: number, key: string | null, expected: string, message: string) => {
    const { line, col } = lines.linePos(offset);
    mistakes.push({ file, line: Math.max(1, line), column: Math.max(1, col), key, expected, message });
  };
  if (!decoded.ok) {
    const { line, column, message } = decoded;
    mistakes.push({ file, line, column, key: null, expected: "text in UTF-8", message });
    return { values, mistakes };
  }
  // JSON knows no tabs within strings, so that here they are only space, which YAML wants.
  const json = /\.json$/i.test(file);
  const text = json ? decoded.text.replaceAll("\t", " ") : decoded.text;
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) lines.addNewLine(i + 1);
  lines.lineStarts.unshift(0);

  const broken = json ? findJsonMistake(decoded.text) : null;
  if (broken) {
    mistakeAt(broken.offset, null, "valid JSON", `expected valid JSON: ${broken.message}`);
    return { values, mistakes };
  }
  const tooDeep = findTooDeep(text);
  if (tooDeep) {
    mistakeAt(tooDeep.offset, null, "less nesting", tooDeep.message);
    return { values, mistakes };
  }
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  for (const error of [...document.errors, ...document.warnings]) {
    // After a colon the parser quotes what stands there, and that may be a secret.
    const message = error.message.replace(/(?<=\S):[ \n].*$/s, "");
    mistakeAt(error.pos[0], null, "valid YAML", `expected valid YAML: ${message}`);
  }
  visit(document, {
    Alias(_, alias) {
      const offset = alias.range?.[0] ?? 0;
      mistakeAt(offset, null, "a value written out", "expected a value written out, got an alias");
    },
  });
  if (mistakes.length > 0) return { values, mistakes };

  const seen = new Set<string>();
  const walk = (node: ParsedNode | null, path: string) => {
    const offset = node?.range?.[0] ?? 0;
    if (isKey(path)) {
      readValue(node, path);
      return;
    }
    if (node === null || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      const expected = path === "" ? "keys and values" : "a group of keys";
      mistakeAt(offset, path === "" ? null : path, expected, `expected ${expected}`);
      return;
    }
    const names = new Set<string>();
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      const inner = (path === "" ? name : `${path}.${name}`).slice(0, 128);
      const keyOffset = (pair.key as Node | null)?.range?.[0] ?? offset;
      if (names.has(name) || (isKey(inner) && seen.has(inner))) {
        mistakeAt(keyOffset, inner, "each key once", "expected each key once, got it a second time");
      } else if (isKey(inner) || isGroup(inner)) {
        if (isKey(inner)) seen.add(inner);
        walk(pair.value as ParsedNode | null, inner);
      } else {
        const near = mistakes.length < 20 ? suggestKey(inner) : null;
        mistakeAt(keyOffset, inner, "a known key", `unknown key${near ? `; did you mean ${near}?` : ""}`);
      }
      names.add(name);
    }
  };

  const readValue = (node: ParsedNode | null, name: KeyName) => {
    const key = keyOf(name);
    const value: unknown = node === null || isAlias(node) ? null : node.toJS(document);
    // A key without a value is left at its default, as an editor's half-filled template has it.
    if (value === null) return;
    const read = key.read(value);
    if (read.ok) {
      values.set(name, read.value);
      return;
    }
    const message = `expected ${read.expected}, got ${gotText(key.secret, value)}`;
    mistakeAt(node?.range?.[0] ?? 0, name, read.expected, message);
  };

  walk(document.contents, "");
  return { values, mistakes };
}
