import type {
  EffectiveConfig,
  LastReload,
  Override,
  ReloadResult,
  RunningConfig,
} from "../../../lib/contract/service-api";
import { describeEffective, describeKey, nestSettings } from "./describe";
import type { Environment } from "./environment";
import type { FileContent } from "./file";
import { ConfigRefused } from "./mistake";
import {
  type ConfigSource,
  findConfigFile,
  findContradictions,
  type Layers,
  type Resolved,
  resolveConfig,
  settingsOf,
} from "./resolve";
import { type KeyName, keyNames, keyOf, type Settings } from "./schema";
import { changesBetween, sameValue, shown } from "./shown";

/** A temporary value as it is kept: with the value itself, secret or not. */
export interface OverrideEntry extends Override {
  key: KeyName;
}
export type OverrideMap = ReadonlyMap<KeyName, OverrideEntry>;

export interface ReloadOrder {
  dryRun: boolean;
  cause: LastReload["cause"];
  by: string;
  /** Instead of what stands on the disk. */
  source?: ConfigSource;
}

/**
 * The running configuration. `settings` is replaced as a whole, so that nobody ever reads half of a reload;
 * keys that need a restart keep their running value in it.
 */
export class ConfigStore {
  readonly loadedAtMs: number;
  lastReload: LastReload | null = null;
  readonly #env: Environment;
  readonly #nowMs: () => number;
  readonly #listeners: ((applied: KeyName[]) => void)[] = [];
  /** In force but for the overrides. */
  #running: Resolved;
  /** As last read: differs from what runs in keys that wait for a restart. */
  #configured: Resolved;
  #overrides: OverrideMap = new Map();
  #layers: ReadonlyMap<KeyName, Layers>;
  #settings: Settings;

  /** Throws `ConfigRefused`. */
  constructor(env: Environment, nowMs: () => number = Date.now) {
    this.#env = { ...env };
    this.#nowMs = nowMs;
    this.loadedAtMs = nowMs();
    this.#running = resolveConfig(this.#env);
    this.#configured = this.#running;
    this.#layers = this.#running.layers;
    this.#settings = this.#running.settings;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get file(): string | null {
    return this.#running.file;
  }

  /** What was last read from the file. */
  get content(): FileContent | null {
    return this.#running.content;
  }

  get conflicts(): EffectiveConfig["conflicts"] {
    return this.#running.conflicts;
  }

  /** Temporary values in force. */
  get overrides(): Override[] {
    return [...this.#overrides.values()].map((each) => ({ ...each, value: shown(each.key, each.value) }));
  }

  get unknownVariables(): EffectiveConfig["unknown_variables"] {
    return this.#running.unknownVariables;
  }

  get lastReloadAtMs(): number | null {
    return this.lastReload?.at_ms ?? null;
  }

  get lastReloadOk(): boolean | null {
    return this.lastReload?.valid ?? null;
  }

  /** `listener` runs after a reload or an override put keys in force. */
  onApplied(listener: (applied: KeyName[]) => void): void {
    this.#listeners.push(listener);
  }

  /** The file that a reload reads: one that was there and has gone is missed, not forgotten. */
  findFile(): string | null {
    return findConfigFile(this.#env) ?? this.#running.file;
  }

  /** Reads the file again. With mistakes in it nothing changes. A dry run never changes anything. */
  reload({ dryRun, cause, by, source = { file: this.findFile() } }: ReloadOrder): ReloadResult {
    let next: Resolved;
    try {
      next = resolveConfig(this.#env, source);
      this.#refuseEmptied(next);
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      const nothing = { changes: [], applied: [], needs_restart: [], overridden: [] };
      const { mistakes } = error;
      const refused = { valid: false, dry_run: dryRun, file: source.file, ...nothing, mistakes };
      if (!dryRun) this.#note(refused, cause, by);
      return refused;
    }
    const changes = changesBetween(this.#running.settings, next.settings);
    const hot = changes.map((change) => change.key).filter((key) => keyOf(key).hot);
    const result: ReloadResult = {
      valid: true,
      dry_run: dryRun,
      file: next.file,
      changes: changes.map((change) => ({ ...change, hot: keyOf(change.key).hot })),
      applied: dryRun ? [] : hot.filter((key) => !this.#overrides.has(key)),
      needs_restart: changes.map((change) => change.key).filter((key) => !keyOf(key).hot),
      overridden: hot.filter((key) => this.#overrides.has(key)),
      mistakes: [],
    };
    if (!dryRun) {
      const layers = new Map(next.layers);
      for (const [name, running] of this.#running.layers) {
        if (!keyOf(name).hot) layers.set(name, running);
      }
      this.#running = { ...next, layers, settings: settingsOf(layers) };
      this.#configured = next;
      this.#note(result, cause, by);
      this.#putInForce();
    }
    return result;
  }

  /** Puts these temporary values in force, and those that are not among them out of it. */
  setOverrides(overrides: OverrideMap): void {
    this.#overrides = new Map(overrides);
    this.#putInForce();
  }

  /** What `settings` would be with these temporary values. */
  settingsWith(overrides: OverrideMap): Settings {
    return settingsOf(withOverrides(this.#running.layers, overrides));
  }

  /** Why these temporary values can't go together with the rest; empty when they can. */
  contradictionsWith(overrides: OverrideMap): string[] {
    const layers = withOverrides(this.#running.layers, overrides);
    return findContradictions(settingsOf(layers), layers, this.file).map((mistake) => mistake.message);
  }

  /** Keys whose value in file or environment waits for a restart. */
  pendingRestart(): EffectiveConfig["pending_restart"] {
    return changesBetween(this.#running.settings, this.#configured.settings)
      .filter(({ key }) => !keyOf(key).hot)
      .map(({ key, before, after }) => ({ key, running: before, configured: after }));
  }

  /** The running values as nested objects, secrets masked. */
  running(): RunningConfig {
    return nestSettings(this.#settings);
  }

  describe(name: KeyName): EffectiveConfig["keys"][number] {
    const layers = this.#layers.get(name) as Layers;
    const override = this.overrides.find((each) => each.key === name) ?? null;
    return describeKey(name, layers, override);
  }

  effective(): EffectiveConfig {
    return describeEffective(this, this.#layers);
  }

  /** A file that is empty of a sudden is one that somebody is writing: it says nothing about the defaults. */
  #refuseEmptied(next: Resolved): void {
    const isBlank = (content: FileContent | null) => content?.bytes.toString("utf8").trim() === "";
    if (!isBlank(next.content) || this.content === null || isBlank(this.content)) return;
    const expected = "at least one key or a comment";
    const message = `expected ${expected}, got an empty file`;
    throw new ConfigRefused([{ file: next.file, line: 1, column: 1, key: null, expected, message }]);
  }

  #putInForce(): void {
    const before = this.#settings;
    this.#layers = withOverrides(this.#running.layers, this.#overrides);
    this.#settings = settingsOf(this.#layers);
    const applied = keyNames.filter((name) => !sameValue(before[name], this.#settings[name]));
    for (const listener of this.#listeners) listener(applied);
  }

  #note(result: ReloadResult, cause: LastReload["cause"], by: string): void {
    const { valid, applied, needs_restart, mistakes } = result;
    const at_ms = this.#nowMs();
    this.lastReload = { at_ms, cause, by, valid, applied, needs_restart, mistakes: mistakes.length };
  }
}

function withOverrides(
  base: ReadonlyMap<KeyName, Layers>,
  overrides: OverrideMap,
): ReadonlyMap<KeyName, Layers> {
  const layers = new Map(base);
  for (const [name, { value }] of overrides) {
    const below = base.get(name) ?? [];
    layers.set(name, [{ source: "override", variable: null, value }, ...below]);
  }
  return layers;
}
