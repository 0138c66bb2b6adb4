import type { EffectiveConfig } from "../../../lib/contract/service-api";
import { isLoopback } from "../../process/loopback";
import { type Environment, type EnvironmentEntry, readEnvironment } from "./environment";
import { type FileReading, findDefaultFile, readConfigFile } from "./file";
import { type ConfigMistake, ConfigRefused } from "./mistake";
import { type KeyName, keyNames, keyOf, type Settings } from "./schema";

export interface Layer {
  source: "default" | "file" | "env";
  variable: string | null;
  value: unknown;
}

/** A whole configuration: each key's layers, the winner first. */
export interface Resolved {
  file: string | null;
  layers: Map<KeyName, [Layer, ...Layer[]]>;
  settings: Settings;
  conflicts: EffectiveConfig["conflicts"];
  unknownVariables: string[];
}

/** Environment over file over default. Throws `ConfigRefused` with every mistake found. */
export function resolveConfig(env: Environment): Resolved {
  const file = env.WEBSOCKET_CONFIG ? env.WEBSOCKET_CONFIG : findDefaultFile();
  const fromFile: FileReading = file === null ? { values: new Map(), mistakes: [] } : readConfigFile(file);
  const fromEnv = readEnvironment(env);
  const layers = new Map<KeyName, [Layer, ...Layer[]]>();
  const conflicts: EffectiveConfig["conflicts"] = [];
  const settings: Record<string, unknown> = {};
  for (const name of keyNames) {
    const entries = fromEnv.values.get(name) ?? [];
    const all: Layer[] = entries.map(({ variable, value }) => ({ source: "env", variable, value }));
    if (fromFile.values.has(name)) {
      all.push({ source: "file", variable: null, value: fromFile.values.get(name) });
    }
    const byDefault: Layer = { source: "default", variable: null, value: keyOf(name).default };
    const [winner = byDefault, ...losers] = [...all, byDefault];
    layers.set(name, [winner, ...losers]);
    settings[name] = winner.value;
    if (entries.length > 1) conflicts.push(conflictOf(name, entries));
  }
  const resolved = {
    file,
    layers,
    settings: settings as Settings,
    conflicts,
    unknownVariables: fromEnv.unknown,
  };
  const mistakes = [...fromFile.mistakes, ...fromEnv.mistakes];
  if (mistakes.length === 0) mistakes.push(...findContradictions(resolved));
  if (mistakes.length > 0) throw new ConfigRefused(mistakes);
  return resolved;
}

function conflictOf(key: KeyName, entries: EnvironmentEntry[]): EffectiveConfig["conflicts"][number] {
  const variables = entries.map((entry) => entry.variable);
  return { key, variables, message: `${variables.join(" and ")} both set ${key}; ${variables[0]} wins` };
}

/** Values that are right one by one and wrong together. */
function findContradictions({ settings, file, layers }: Resolved): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const host = settings["admin.host"];
  if (!isLoopback(host) && settings["admin.token"] === null && !settings["admin.allow_without_token"]) {
    mistakes.push({
      file: layers.get("admin.host")?.[0].source === "file" ? file : null,
      line: null,
      column: null,
      key: "admin.token",
      expected: "a token, since admin.host is not loopback",
      message: `expected a token, since admin.host ${host} is not loopback`,
    });
  }
  return mistakes;
}
