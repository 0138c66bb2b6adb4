import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type {
  ConfigHistory as ConfigHistoryAnswer,
  ConfigVersion,
  ReloadResult,
} from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import { contentOf, largestFile } from "./file";
import { ConfigHistory } from "./history";
import { formatMistake } from "./mistake";
import { type OverrideOrder, Overrides } from "./overrides";
import { readRegularFile } from "./read-regular-file";
import { rollBack } from "./rollback";
import type { ConfigStore } from "./store";

export interface ControlOptions {
  config: ConfigStore;
  logger: Logger;
  nowMs?: () => number;
}

/**
 * Whatever changes the running configuration goes through here, one change at a time, each logged and kept in
 * `data_dir`: temporary values, reloads, roll-backs.
 */
export class ConfigControl {
  readonly #config: ConfigStore;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #overrides: Overrides;
  readonly #history: ConfigHistory;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ config, logger, nowMs = Date.now }: ControlOptions) {
    this.#config = config;
    this.#logger = logger;
    this.#nowMs = nowMs;
    this.#overrides = new Overrides(config, logger, nowMs);
    this.#history = new ConfigHistory(join(config.settings.data_dir, "config-history"));
  }

  /** Puts the temporary values of an earlier run in force. */
  open(): Promise<void> {
    return this.#overrides.load();
  }

  /** Keeps the file that the service started with: to be called once it runs. */
  started(): Promise<void> {
    return this.#oneByOne(() => this.#record("start", "start"));
  }

  setOverride(key: string, order: OverrideOrder): Promise<void> {
    return this.#oneByOne(() => this.#overrides.set(key, order));
  }

  removeOverride(key: string, by: string): Promise<void> {
    return this.#oneByOne(() => this.#overrides.remove(key, by));
  }

  /** Ends temporary values that are over, should the timer be late. */
  expireOverrides(): void {
    this.#overrides.expire();
  }

  reload(dryRun: boolean, by: string): Promise<ReloadResult> {
    return this.#oneByOne(async () => {
      const result = this.#config.reload({ dryRun, cause: "reload", by });
      if (dryRun) return result;
      this.#log(result, "config reloaded", by);
      if (result.valid) await this.#record("reload", by);
      return result;
    });
  }

  /** Throws NO_CONFIG_FILE, UNKNOWN_CONFIG_VERSION and STORAGE_FAILED. */
  rollBack(id: string, dryRun: boolean, by: string): Promise<ReloadResult> {
    return this.#oneByOne(async () => {
      const file = this.#fileOf("there is no configuration file to roll back");
      const content = await this.#history.read(resolve(file), id);
      if (content === null) {
        throw new CodedError("UNKNOWN_CONFIG_VERSION", "no version has that id, or it is damaged");
      }
      const order = { cause: "rollback", by, source: { file, bytes: content.bytes } } as const;
      const trial = this.#config.reload({ ...order, dryRun: true });
      if (dryRun || !trial.valid) return { ...trial, dry_run: dryRun };
      const atMs = this.#nowMs();
      await rollBack({ file, bytes: content.bytes, history: this.#history, by, atMs }).catch((error) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#logger.error("config roll-back failed", { id, file, error: reason, by });
        throw new CodedError("STORAGE_FAILED", `${file} can't be replaced: ${reason}`, {}, error);
      });
      const result = this.#config.reload({ ...order, dryRun: false });
      this.#log(result, "config rolled back", by, { version: id });
      await this.#record("rollback", by);
      return result;
    });
  }

  async history(): Promise<ConfigHistoryAnswer> {
    const { file, content } = this.#config;
    const versions = file === null ? [] : await this.#versions(file);
    const current = versions.find(
      (version) => version.cause !== "replaced" && version.sha256 === content?.sha256,
    );
    return {
      file,
      versions: versions.map((version) => ({ ...version, current: version === current })),
      changed_on_disk: await this.#changedOnDisk(),
    };
  }

  /** Returns when a change under way is through. */
  async stop(): Promise<void> {
    this.#overrides.stop();
    await this.#last;
  }

  #oneByOne<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    // Its caller hears of a failure; the next change does not depend on it.
    this.#last = done.catch(() => {});
    return done;
  }

  #log(result: ReloadResult, message: string, by: string, more: Record<string, string> = {}): void {
    for (const mistake of result.mistakes) {
      this.#logger.error("config refused", { mistake: formatMistake(mistake), by });
    }
    if (!result.valid) return;
    const { applied, needs_restart, overridden } = result;
    this.#logger.info(message, {
      applied: applied.join(","),
      needs_restart: needs_restart.join(","),
      overridden: overridden.length > 0 ? overridden.join(",") : undefined,
      by,
      ...more,
    });
  }

  /** The configuration is in force already, so that a history that can't be kept is told and no more. */
  async #record(cause: ConfigVersion["cause"], by: string): Promise<void> {
    const { file, content } = this.#config;
    if (file === null || content === null) return;
    try {
      const [newest] = await this.#history.list(resolve(file));
      if (newest?.sha256 === content.sha256 && newest.cause !== "replaced") return;
      await this.#history.add({ file: resolve(file), content, cause, by, atMs: this.#nowMs() });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn("config history can't be kept", { error: reason });
    }
  }

  async #versions(file: string): Promise<ConfigVersion[]> {
    try {
      return await this.#history.list(resolve(file));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CodedError("STORAGE_FAILED", `the history can't be read: ${reason}`, {}, error);
    }
  }

  #fileOf(missing: string): string {
    const file = this.#config.findFile();
    if (file === null) throw new CodedError("NO_CONFIG_FILE", missing);
    return file;
  }

  async #changedOnDisk(): Promise<boolean | null> {
    const file = this.#config.findFile();
    if (file === null) return null;
    const { content } = this.#config;
    try {
      const { size } = await stat(file);
      if (content === null || size > largestFile) return true;
      return contentOf(readRegularFile(file, largestFile)).sha256 !== content.sha256;
    } catch {
      return null;
    }
  }
}
