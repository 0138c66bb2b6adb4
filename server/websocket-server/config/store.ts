import type {
  EffectiveConfig,
  Override,
  ReloadResult,
  RunningConfig,
} from "../../../lib/contract/service-api";
import type { Environment } from "./environment";
import { ConfigRefused } from "./mistake";
import { type Layer, type Resolved, resolveConfig } from "./resolve";
import { type KeyName, keyNames, keyOf, type Settings } from "./schema";

/**
 * The running configuration. `settings` is replaced as a whole, so that nobody ever reads half of a reload;
 * keys that need a restart keep their running value in it.
 */
export class ConfigStore {
  readonly loadedAtMs = Date.now();
  lastReloadAtMs: number | null = null;
  lastReloadOk: boolean | null = null;
  readonly #env: Environment;
  readonly #listeners: ((applied: KeyName[]) => void)[] = [];
  #running: Resolved;

  /** Throws `ConfigRefused`. */
  constructor(env: Environment) {
    this.#env = { ...env };
    this.#running = resolveConfig(this.#env);
  }

  get settings(): Settings {
    return this.#running.settings;
  }

  get file(): string | null {
    return this.#running.file;
  }

  get conflicts(): EffectiveConfig["conflicts"] {
    return this.#running.conflicts;
  }

  /** Temporary values in force. */
  get overrides(): Override[] {
    return [];
  }

  get unknownVariables(): string[] {
    return this.#running.unknownVariables;
  }

  /** `listener` runs after a reload put keys in force. */
  onApplied(listener: (applied: KeyName[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the file again. With mistakes in it nothing changes. A dry run never changes anything. */
  reload(dryRun: boolean): ReloadResult {
    let next: Resolved;
    try {
      next = resolveConfig(this.#env);
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      if (!dryRun) this.#note(false);
      const nothing = { changes: [], applied: [], needs_restart: [] };
      return { valid: false, dry_run: dryRun, file: this.file, ...nothing, mistakes: error.mistakes };
    }
    const changed = keyNames.filter((name) => !equal(next.settings[name], this.settings[name]));
    const result: ReloadResult = {
      valid: true,
      dry_run: dryRun,
      file: next.file,
      changes: changed.map((name) => ({
        key: name,
        before: shown(name, this.settings[name]),
        after: shown(name, next.settings[name]),
        hot: keyOf(name).hot,
      })),
      applied: dryRun ? [] : changed.filter((name) => keyOf(name).hot),
      needs_restart: changed.filter((name) => !keyOf(name).hot),
      mistakes: [],
    };
    if (!dryRun) {
      this.#apply(next);
      this.#note(true);
      for (const listener of this.#listeners) listener(result.applied as KeyName[]);
    }
    return result;
  }

  #apply(next: Resolved): void {
    const layers = new Map(next.layers);
    const settings: Record<string, unknown> = { ...next.settings };
    for (const name of keyNames) {
      const running = this.#running.layers.get(name);
      if (keyOf(name).hot || running === undefined) continue;
      layers.set(name, running);
      settings[name] = this.settings[name];
    }
    this.#running = { ...next, layers, settings: settings as Settings };
  }

  #note(ok: boolean): void {
    this.lastReloadAtMs = Date.now();
    this.lastReloadOk = ok;
  }

  /** The running values as nested objects, secrets masked. */
  running(): RunningConfig {
    const { "heartbeat.interval": interval, "heartbeat.timeout": timeout } = this.settings;
    const root: Record<string, unknown> = {};
    for (const name of keyNames) {
      const parts = name.split(".");
      const last = parts.pop() ?? name;
      let group = root;
      for (const part of parts) {
        group[part] ??= {};
        group = group[part] as Record<string, unknown>;
      }
      group[last] = shown(name, this.settings[name]);
    }
    return { ...root, heartbeat: { interval, timeout } };
  }

  effective(): EffectiveConfig {
    return {
      file: this.file,
      keys: keyNames.map((name) => {
        const key = keyOf(name);
        const [winner, ...losers] = this.#running.layers.get(name) as [Layer, ...Layer[]];
        return {
          key: name,
          value: shown(name, winner.value),
          winner: winner.source,
          variable: winner.variable,
          losers: losers.map((layer) => ({ ...layer, value: shown(name, layer.value) })),
          type: key.type,
          unit: key.unit,
          description: key.description,
          hot: key.hot,
          secret: key.secret,
          override: this.overrides.find((override) => override.key === name) ?? null,
        };
      }),
      conflicts: this.conflicts,
      unknown_variables: this.unknownVariables,
    };
  }
}

/** What may leave the process: a secret only tells whether it is set. */
function shown(name: KeyName, value: unknown): unknown {
  if (!keyOf(name).secret) return value;
  return value === null ? null : "set";
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
