import type { EffectiveConfig, Override, RunningConfig } from "../../../lib/contract/service-api";
import { findIgnoredFiles } from "./file";
import type { Layer, Layers } from "./resolve";
import { type KeyName, keyNames, keyOf, type Settings } from "./schema";
import { shown } from "./shown";
import type { ConfigStore } from "./store";

/** Settings as nested objects, secrets masked. */
export function nestSettings(settings: Settings): RunningConfig {
  const { "heartbeat.interval": interval, "heartbeat.timeout": timeout } = settings;
  const root: Record<string, unknown> = {};
  for (const name of keyNames) {
    const parts = name.split(".");
    const last = parts.pop() ?? name;
    let group = root;
    for (const part of parts) {
      group[part] ??= {};
      group = group[part] as Record<string, unknown>;
    }
    group[last] = shown(name, settings[name]);
  }
  return { ...root, heartbeat: { interval, timeout } };
}

/** A key with the source that won and those that lost. */
export function describeKey(
  name: KeyName,
  [winner, ...losers]: Layers,
  override: Override | null,
): EffectiveConfig["keys"][number] {
  const { type, unit, description, hot, secret } = keyOf(name);
  return {
    key: name,
    value: shown(name, winner.value),
    winner: winner.source,
    variable: winner.variable,
    losers: losers.map((layer) => ({ ...layer, value: shown(name, layer.value) })),
    type,
    unit,
    description,
    hot,
    secret,
    override,
  };
}

/** Every key, and whatever else explains a value in force. */
export function describeEffective(
  config: ConfigStore,
  layers: ReadonlyMap<KeyName, Layers>,
): EffectiveConfig {
  return {
    file: config.file,
    keys: [...layers.keys()].map((name) => config.describe(name)),
    conflicts: config.conflicts,
    shadowed: [...layers].flatMap(([name, [winner, ...losers]]) =>
      losers.filter((loser) => loser.source !== "default").map((loser) => shadowOf(name, loser, winner)),
    ),
    unknown_variables: config.unknownVariables,
    ignored_files: findIgnoredFiles(config.file),
    pending_restart: config.pendingRestart(),
    last_reload: config.lastReload,
  };
}

function shadowOf(key: KeyName, loser: Layer, winner: Layer): EffectiveConfig["shadowed"][number] {
  const named = ({ source, variable }: Layer) => variable ?? (source === "file" ? "the file" : "an override");
  return {
    key,
    source: loser.source,
    variable: loser.variable,
    by: winner.source,
    by_variable: winner.variable,
    message: `${named(loser)} sets ${key} too; ${named(winner)} wins`,
  };
}
