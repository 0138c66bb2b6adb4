import type { EffectiveConfig, UnknownVariable } from "../../../lib/contract/service-api";
import { isLoopback } from "../../process/loopback";
import { type Environment, type EnvironmentEntry, readEnvironment } from "./environment";
import { contentOf, type FileContent, findDefaultFile, parseConfig, readConfigFile } from "./file";
import { type ConfigMistake, ConfigRefused } from "./mistake";
import { type KeyName, keyNames, keyOf, type Settings } from "./schema";

export interface Layer {
  source: "default" | "file" | "env" | "override";
  variable: string | null;
  value: unknown;
}

/** A key's layers, the winner first. */
export type Layers = [Layer, ...Layer[]];

/** A whole configuration, temporary values left out. */
export interface Resolved {
  file: string | null;
  /** The file as it was read; null without a file. */
  content: FileContent | null;
  layers: Map<KeyName, Layers>;
  settings: Settings;
  conflicts: EffectiveConfig["conflicts"];
  unknownVariables: UnknownVariable[];
}

/** What to read: `bytes` stand for the file's content when given. */
export interface ConfigSource {
  file: string | null;
  bytes?: Buffer;
}

/** The file that `WEBSOCKET_CONFIG` names, else the default one that exists. */
export function findConfigFile(env: Environment): string | null {
  return env.WEBSOCKET_CONFIG ? env.WEBSOCKET_CONFIG : findDefaultFile();
}

/** Environment over file over default. Throws `ConfigRefused` with every mistake found. */
export function resolveConfig(
  env: Environment,
  { file, bytes }: ConfigSource = { file: findConfigFile(env) },
): Resolved {
  const fromFile = readSource(file, bytes);
  const fromEnv = readEnvironment(env);
  const layers = new Map<KeyName, Layers>();
  const conflicts: EffectiveConfig["conflicts"] = [];
  for (const name of keyNames) {
    const entries = fromEnv.values.get(name) ?? [];
    const all: Layer[] = entries.map(({ variable, value }) => ({ source: "env", variable, value }));
    if (fromFile.values.has(name)) {
      all.push({ source: "file", variable: null, value: fromFile.values.get(name) });
    }
    const byDefault: Layer = { source: "default", variable: null, value: keyOf(name).default };
    const [winner = byDefault, ...losers] = [...all, byDefault];
    layers.set(name, [winner, ...losers]);
    if (entries.length > 1) conflicts.push(conflictOf(name, entries));
  }
  const settings = settingsOf(layers);
  const mistakes = [...fromFile.mistakes, ...fromEnv.mistakes];
  if (mistakes.length === 0) mistakes.push(...findContradictions(settings, layers, file));
  if (mistakes.length > 0) throw new ConfigRefused(mistakes);
  const { content } = fromFile;
  return { file, content, layers, settings, conflicts, unknownVariables: fromEnv.unknown };
}

function readSource(file: string | null, bytes: Buffer | undefined): ReturnType<typeof readConfigFile> {
  if (file === null) return { values: new Map(), mistakes: [], content: null };
  if (bytes === undefined) return readConfigFile(file);
  return { ...parseConfig(file, bytes), content: contentOf(bytes) };
}

/** The winners' values. */
export function settingsOf(layers: ReadonlyMap<KeyName, Layers>): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, [winner]] of layers) settings[name] = winner.value;
  return Object.freeze(settings) as Settings;
}

function conflictOf(key: KeyName, entries: EnvironmentEntry[]): EffectiveConfig["conflicts"][number] {
  const variables = entries.map((entry) => entry.variable);
  return { key, variables, message: `${variables.join(" and ")} both set ${key}; ${variables[0]} wins` };
}

/** Values that are right one by one and wrong together. */
export function findContradictions(
  settings: Settings,
  layers: ReadonlyMap<KeyName, Layers>,
  file: string | null,
): ConfigMistake[] {
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
  const [withFile, withoutFile] =
    settings["tls.cert_file"] === null
      ? (["tls.key_file", "tls.cert_file"] as const)
      : (["tls.cert_file", "tls.key_file"] as const);
  if (settings[withFile] !== null && settings[withoutFile] === null) {
    mistakes.push({
      file: layers.get(withFile)?.[0].source === "file" ? file : null,
      line: null,
      column: null,
      key: withoutFile,
      expected: `a file, since ${withFile} is set`,
      message: `expected a file, since ${withFile} is set`,
    });
  }
  if (settings["cache.backend"] === "redis" && settings["redis.url"] === null) {
    mistakes.push({
      file: layers.get("cache.backend")?.[0].source === "file" ? file : null,
      line: null,
      column: null,
      key: "redis.url",
      expected: "a URL, since cache.backend is redis",
      message: "redis.url: expected a URL, since cache.backend is redis",
    });
  }
  return mistakes;
}
