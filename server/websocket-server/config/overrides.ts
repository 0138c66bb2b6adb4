import { join } from "node:path";
import { CodedError } from "../../../lib/errors";
import { type Logger, logLevels } from "../../process/logger";
import { gotText } from "./mistake";
import { readOverrideFile, writeOverrideFile } from "./override-file";
import { type KeyName, keyOf, type Settings } from "./schema";
import { shown } from "./shown";
import type { ConfigStore, OverrideEntry, OverrideMap } from "./store";
import { isKey, suggestKey } from "./suggest";

/** A sleeping machine or a clock that is set moves the end of an override, which a timer alone would not see. */
const longestSleepMs = 5_000;

export interface OverrideOrder {
  value: unknown;
  ttlSeconds: number;
  reason: string;
  by: string;
}

/** Temporary values: kept on disk before they are in force, and gone by themselves. */
export class Overrides {
  readonly #config: ConfigStore;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #file: string;
  #entries: OverrideMap = new Map();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(config: ConfigStore, logger: Logger, nowMs: () => number) {
    this.#config = config;
    this.#logger = logger;
    this.#nowMs = nowMs;
    this.#file = join(config.settings.data_dir, "config-overrides.json");
  }

  /** Puts those in force that were kept and have not expired. */
  async load(): Promise<void> {
    const { overrides, warnings } = await readOverrideFile(this.#file, this.#nowMs());
    for (const message of warnings) this.#logger.warn("config overrides", { message });
    const live = overrides.filter((entry) => entry.expires_at_ms > this.#nowMs());
    for (const entry of overrides) {
      const over = !live.includes(entry);
      this.#log(over ? "config override expired while stopped" : "config override still in force", entry);
    }
    if (live.length > 0) this.#replace(new Map(live.map((entry) => [entry.key, entry])));
    this.#schedule();
  }

  /** Throws UNKNOWN_CONFIG_KEY, NOT_HOT_RELOADABLE, INVALID_VALUE and STORAGE_FAILED. */
  async set(name: string, { value, ttlSeconds, reason, by }: OverrideOrder): Promise<void> {
    const key = knownKey(name);
    if (!keyOf(key).hot) {
      throw new CodedError("NOT_HOT_RELOADABLE", `${key} comes into force with a restart only`, { key });
    }
    const read = keyOf(key).read(value);
    if (!read.ok) {
      const got = gotText(keyOf(key).secret, value);
      throw invalid(key, read.expected, `${key}: expected ${read.expected}, got ${got}`);
    }
    const now = this.#nowMs();
    const expires = Math.ceil(now + ttlSeconds * 1_000);
    const entry = { key, value: read.value, set_at_ms: now, expires_at_ms: expires, reason, by };
    const next = new Map(this.#entries).set(key, entry);
    const [contradiction] = this.#config.contradictionsWith(next);
    if (contradiction !== undefined) throw invalid(key, contradiction, `${key}: ${contradiction}`);
    await this.#keep(next);
    // Others may have expired meanwhile.
    this.#announce(new Map(this.#entries).set(key, entry), () => this.#log("config override set", entry));
  }

  /** Back to what the ladder says. Throws UNKNOWN_CONFIG_KEY and STORAGE_FAILED. */
  async remove(name: string, by: string): Promise<void> {
    const key = knownKey(name);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    await this.#keep(without(this.#entries, [entry]));
    this.#announce(without(this.#entries, [entry]), () =>
      this.#log("config override removed", entry, { removed_by: by }),
    );
  }

  /** Ends those whose time is over. */
  expire(): void {
    const now = this.#nowMs();
    const over = [...this.#entries.values()].filter((entry) => entry.expires_at_ms <= now);
    if (over.length > 0) {
      this.#announce(without(this.#entries, over), () => {
        for (const entry of over) this.#log("config override expired", entry);
      });
    }
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #keep(next: OverrideMap): Promise<void> {
    try {
      await writeOverrideFile(this.#file, next);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.error("config overrides can't be kept", { file: this.#file, error: reason });
      throw new CodedError("STORAGE_FAILED", `the override can't be kept: ${reason}`, {}, error);
    }
  }

  /** Changes the values and tells of it at whichever of the two log levels says more. */
  #announce(next: OverrideMap, tell: () => void): void {
    const getsQuieter = weight(this.#config.settingsWith(next)) > weight(this.#config.settings);
    if (getsQuieter) tell();
    this.#replace(next);
    if (!getsQuieter) tell();
    this.#schedule();
  }

  #replace(next: OverrideMap): void {
    this.#entries = next;
    this.#config.setOverrides(next);
  }

  #log(message: string, entry: OverrideEntry, more: Record<string, string> = {}): void {
    const { key, expires_at_ms, by, reason } = entry;
    const value = JSON.stringify(shown(key, entry.value)).slice(0, 200);
    const until = new Date(expires_at_ms).toISOString();
    this.#logger.info(message, { key, value, until, by, reason, ...more });
  }

  #schedule(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped || this.#entries.size === 0) return;
    const next = Math.min(...[...this.#entries.values()].map((entry) => entry.expires_at_ms));
    const delay = Math.min(longestSleepMs, Math.max(1, next - this.#nowMs()));
    this.#timer = setTimeout(() => this.expire(), delay);
    this.#timer.unref();
  }
}

/** Throws UNKNOWN_CONFIG_KEY. */
export function knownKey(name: string): KeyName {
  if (isKey(name)) return name;
  const suggestion = suggestKey(name);
  const hint = suggestion === null ? "" : `; did you mean ${suggestion}?`;
  throw new CodedError("UNKNOWN_CONFIG_KEY", `no key has that name${hint}`, { did_you_mean: suggestion });
}

function invalid(key: KeyName, expected: string, message: string): CodedError {
  return new CodedError("INVALID_VALUE", message, { key, expected });
}

function without(entries: OverrideMap, gone: readonly OverrideEntry[]): OverrideMap {
  const next = new Map(entries);
  for (const { key } of gone) next.delete(key);
  return next;
}

/** How little a log level says. */
function weight(settings: Settings): number {
  return logLevels.findIndex((level) => level.toLowerCase() === settings["logging.level"]);
}
