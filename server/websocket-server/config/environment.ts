import type { UnknownVariable } from "../../../lib/contract/service-api";
import { type ConfigMistake, gotText } from "./mistake";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";
import { suggestVariable } from "./suggest";

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
  /** Variables that look like the service's own and set nothing. */
  unknown: UnknownVariable[];
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
        mistakes.push({
          file: null,
          line: null,
          column: null,
          key: name,
          expected: read.expected,
          message: `${variable}: expected ${read.expected}, got ${gotText(key.secret, text)}`,
        });
      }
    }
  }
  const unknown: UnknownVariable[] = [];
  for (const variable of Object.keys(env).sort()) {
    if (known.has(variable) || !env[variable]) continue;
    const suggestion = variable.length > 128 ? null : suggestVariable(variable);
    if (suggestion === null && !variable.startsWith("WEBSOCKET_")) continue;
    unknown.push({ variable, did_you_mean: suggestion });
  }
  return { values, mistakes, unknown };
}
