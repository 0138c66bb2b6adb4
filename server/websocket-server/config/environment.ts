import type { ConfigMistake } from "./mistake";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";

/** Variables that name something other than a key. */
const notKeys = new Set(["WEBSOCKET_CONFIG"]);

export interface EnvironmentEntry {
  variable: string;
  value: unknown;
}

export interface EnvironmentReading {
  /** The variables that set each key, the one that wins first. */
  values: Map<KeyName, EnvironmentEntry[]>;
  mistakes: ConfigMistake[];
  unknown: string[];
}

export type Environment = Record<string, string | undefined>;

/** Reads the service's variables; an empty one counts as unset. The long name stands before the short one. */
export function readEnvironment(env: Environment): EnvironmentReading {
  const values = new Map<KeyName, EnvironmentEntry[]>();
  const mistakes: ConfigMistake[] = [];
  const known = new Set(notKeys);
  for (const name of keyNames) {
    const key = keyOf(name);
    const variables = key.short === null ? [variableOf(name)] : [variableOf(name), key.short];
    for (const variable of variables) {
      known.add(variable);
      const text = env[variable];
      if (text === undefined || text === "") continue;
      const read = key.read(key.fromText(text));
      if (read.ok) {
        const entries = values.get(name);
        if (entries) entries.push({ variable, value: read.value });
        else values.set(name, [{ variable, value: read.value }]);
      } else {
        const got = key.secret ? "something else" : JSON.stringify(text);
        mistakes.push({
          file: null,
          line: null,
          column: null,
          key: name,
          expected: read.expected,
          message: `${variable}: expected ${read.expected}, got ${got}`,
        });
      }
    }
  }
  const unknown = Object.keys(env)
    .filter((variable) => variable.startsWith("WEBSOCKET_") && !known.has(variable))
    .sort();
  return { values, mistakes, unknown };
}
