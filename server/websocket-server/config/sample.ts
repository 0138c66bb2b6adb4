import { stringify } from "yaml";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";

const head = `# Settings of the data service: every key with its default, commented out. Take the "# " before a key away to set
# it. The environment wins over this file; docs/service-api.md tells the rest. Keys marked hot come into force with
# \`POST /admin/reload-config\` or SIGHUP, the others with a restart.
`;

type Group = Map<string, KeyName | Group>;

/** The file of all keys and their defaults, as it stands in `config/`. */
export function sampleConfig(): string {
  const root: Group = new Map();
  for (const name of keyNames) {
    const parts = name.split(".");
    let group = root;
    for (const part of parts.slice(0, -1)) {
      const inner = group.get(part);
      const next: Group = inner instanceof Map ? inner : new Map();
      group.set(part, next);
      group = next;
    }
    group.set(parts.at(-1) ?? name, name);
  }
  // A comment after a group would be taken for the group's.
  const isGroup = ([, inner]: [string, KeyName | Group]) => inner instanceof Map;
  const entries = [...[...root].filter((entry) => !isGroup(entry)), ...[...root].filter(isGroup)];
  return head + entries.map(([part, inner]) => `\n${textOf(part, inner, "")}`).join("");
}

function textOf(part: string, inner: KeyName | Group, indent: string): string {
  if (inner instanceof Map) {
    const below = [...inner].map(([name, each]) => textOf(name, each, `${indent}  `));
    return `${indent}${part}:\n${below.join("")}`;
  }
  const key = keyOf(inner);
  const marks = [key.unit, key.hot ? "hot" : null, variableOf(inner), key.short];
  const about = marks.filter((mark) => mark !== null).join(", ");
  const value = key.default === null ? "" : ` ${stringify(key.default, { collectionStyle: "flow" }).trim()}`;
  return `${indent}# ${key.description} (${about})\n${indent}# ${part}:${value}\n`;
}
