import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../process/project.mjs";

const reference = "en";

/**
 * Where the message files of the languages differ: files, keys, and the ICU arguments of each text. A text
 * with other arguments would show a reader the bare key, and only in that language.
 */
export function checkMessages(folder = join(projectRoot, "lib/i18n/messages")) {
  if (!existsSync(folder)) return [`${folder} is missing`];
  const locales = readdirSync(folder).sort();
  const wanted = messagesOf(join(folder, reference));
  return locales.flatMap((locale) => {
    if (locale === reference) return [];
    const found = messagesOf(join(folder, locale));
    const missing = [...wanted.keys()]
      .filter((key) => !found.has(key))
      .map((key) => `${locale}: ${key} is missing`);
    const extra = [...found.keys()]
      .filter((key) => !wanted.has(key))
      .map((key) => `${locale}: ${key} is not in en`);
    const different = [...wanted].flatMap(([key, text]) => {
      const other = found.get(key);
      if (other === undefined) return [];
      const [inEnglish, here] = [argumentsOf(text).join(", "), argumentsOf(other).join(", ")];
      return inEnglish === here ? [] : [`${locale}: ${key} takes {${here}}, en takes {${inEnglish}}`];
    });
    return [...missing, ...extra, ...different];
  });
}

function messagesOf(folder) {
  const texts = new Map();
  const collect = (path, node) => {
    if (typeof node === "string") texts.set(path, node);
    else for (const [key, child] of Object.entries(node)) collect(`${path}.${key}`, child);
  };
  for (const file of readdirSync(folder).sort()) {
    collect(file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8")));
  }
  return texts;
}

/** The arguments and tags of an ICU message with their kind, sorted: `count:plural`, `name`, `<link>`. */
export function argumentsOf(message) {
  const found = new Set();
  const text = message.replace(/''/g, "").replace(/'[{}<][^']*'/g, "");
  readText(text, 0, found);
  return [...found].sort();
}

function readText(text, from, found) {
  let at = from;
  while (at < text.length && text[at] !== "}") {
    if (text[at] === "{") at = readArgument(text, at + 1, found);
    else if (text[at] === "<") {
      const tag = /^<(\w+)>/.exec(text.slice(at));
      if (tag) found.add(`<${tag[1]}>`);
      at += 1;
    } else at += 1;
  }
  return at;
}

function readArgument(text, from, found) {
  const head = /^\s*(\w+)\s*(?:,\s*(\w+)\s*)?/.exec(text.slice(from));
  if (!head) return skipTo(text, from, "}") + 1;
  const [whole, name, kind] = head;
  found.add(kind ? `${name}:${kind}` : name);
  let at = from + whole.length;
  // branches of plural and select are texts of their own; their selectors are no arguments
  while (at < text.length && text[at] !== "}") {
    at = text[at] === "{" ? readText(text, at + 1, found) + 1 : at + 1;
  }
  return at + 1;
}

function skipTo(text, from, end) {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at;
}
