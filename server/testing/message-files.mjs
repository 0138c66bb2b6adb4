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
      return other === undefined ? [] : differences(text, other).map((what) => `${locale}: ${key} ${what}`);
    });
    return [...missing, ...extra, ...different];
  });
}

/** What the reference uses only to choose a plural form, another language may do without. */
function differences(text, other) {
  const [inEnglish, here] = [argumentsOf(text), argumentsOf(other)];
  const nameOf = (argument) => argument.replace(/\?$/, "");
  const known = new Set(inEnglish.map(nameOf));
  const used = new Set(here.map(nameOf));
  return [
    ...inEnglish
      .filter((name) => !name.endsWith("?") && !used.has(name))
      .map((name) => `leaves out {${name}}`),
    ...[...used].filter((name) => !known.has(name)).map((name) => `takes {${name}}, which en does not`),
  ];
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

/**
 * The names of an ICU message's arguments and tags, sorted: `name`, `<link>`. One that only chooses between
 * texts and is never shown itself ends with a question mark: `count?`.
 */
export function argumentsOf(message) {
  const found = new Map();
  const text = message.replace(/''/g, "").replace(/'[{}<][^']*'/g, "");
  readText(text, 0, found, null);
  return [...found].map(([name, isShown]) => (isShown ? name : `${name}?`)).sort();
}

/** Reads up to the closing brace; `#` shows the argument whose plural form this text is. */
function readText(text, from, found, plural) {
  let at = from;
  while (at < text.length && text[at] !== "}") {
    if (text[at] === "{") {
      at = readArgument(text, at + 1, found);
      continue;
    }
    if (text[at] === "#" && plural !== null) found.set(plural, true);
    const tag = /^<(\w+)>/.exec(text.slice(at, at + 40));
    if (tag) found.set(`<${tag[1]}>`, true);
    at += 1;
  }
  return at;
}

function readArgument(text, from, found) {
  const head = /^\s*(\w+)\s*(?:,\s*(\w+)\s*)?/.exec(text.slice(from));
  if (!head) return skipTo(text, from, "}") + 1;
  const [whole, name, kind] = head;
  const chooses = ["plural", "selectordinal", "select"].includes(kind);
  found.set(name, found.get(name) || !chooses);
  let at = from + whole.length;
  while (at < text.length && text[at] !== "}") {
    at = text[at] === "{" ? readText(text, at + 1, found, kind === "select" ? null : name) + 1 : at + 1;
  }
  return at + 1;
}

function skipTo(text, from, end) {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at;
}
