import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ConfigVersion, configVersionSchema } from "../../../lib/contract/service-api";
import { makeFolder } from "../../process/make-folder.mjs";
import { replaceFile } from "../../process/replace-file";
import { contentOf, type FileContent, parseConfig } from "./file";
import { keyNames, keyOf, type Settings } from "./schema";
import { changesBetween } from "./shown";

const versionsKept = 50;
const idPattern = /^\d{6,12}-[0-9a-f]{8}$/;
const storedSchema = configVersionSchema.extend({
  /** The file that it is a version of. */
  file: configVersionSchema.shape.id,
});

export interface NewVersion {
  file: string;
  content: FileContent;
  cause: ConfigVersion["cause"];
  by: string;
  atMs: number;
}

/**
 * The texts of configuration files, one version a pair of files: what is known about it as `<id>.json`, the
 * text as it was as `<id>.text`. Texts hold secrets, so that only the service's own user may read them.
 */
export class ConfigHistory {
  readonly #folder: string;
  readonly #kept: number;

  constructor(folder: string, kept = versionsKept) {
    this.#folder = folder;
    this.#kept = kept;
  }

  /** Versions of `file`, newest first; damaged ones are left out. Throws the system's error. */
  async list(file: string): Promise<ConfigVersion[]> {
    const versions: ConfigVersion[] = [];
    for (const id of (await this.#ids()).reverse()) {
      const stored = await this.#readStored(id);
      if (stored === null || stored.file !== file) continue;
      const { file: _, ...version } = stored;
      versions.push(version);
    }
    return versions;
  }

  /** A version's text, null when it is not kept or not what it was. */
  async read(file: string, id: string): Promise<FileContent | null> {
    const stored = idPattern.test(id) ? await this.#readStored(id) : null;
    if (stored === null || stored.file !== file) return null;
    const content = contentOf(await readFile(this.#path(id, "text")));
    return content.sha256 === stored.sha256 ? content : null;
  }

  /** Keeps a version and lets go of the oldest. Throws the system's error. */
  async add({ file, content, cause, by, atMs }: NewVersion): Promise<void> {
    makeFolder(this.#folder, 0o700);
    const ids = await this.#ids();
    const number = Number(ids.at(-1)?.split("-")[0] ?? 0) + 1;
    const id = `${String(number).padStart(6, "0")}-${content.sha256.slice(0, 8)}`;
    const [previous] = await this.list(file);
    const before = previous ? await this.read(file, previous.id) : null;
    const changes = before
      ? changesBetween(settingsIn(file, before.bytes), settingsIn(file, content.bytes))
      : [];
    const { bytes, sha256 } = content;
    const stored = { id, file, applied_at_ms: atMs, cause, by, sha256, bytes: bytes.length, changes };
    await replaceFile(this.#path(id, "text"), bytes, 0o600);
    await replaceFile(this.#path(id, "json"), `${JSON.stringify(stored, null, 2)}\n`, 0o600);
    for (const old of ids.slice(0, Math.max(0, ids.length + 1 - this.#kept))) {
      await rm(this.#path(old, "json"), { force: true });
      await rm(this.#path(old, "text"), { force: true });
    }
  }

  /** Oldest first. */
  async #ids(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .filter((id) => idPattern.test(id))
      .sort((a, b) => Number(a.split("-")[0]) - Number(b.split("-")[0]));
  }

  async #readStored(id: string) {
    try {
      const parsed = storedSchema.safeParse(JSON.parse(await readFile(this.#path(id, "json"), "utf8")));
      return parsed.success && parsed.data.id === id ? parsed.data : null;
    } catch {
      // One that is damaged, or went meanwhile, must not hide the others.
      return null;
    }
  }

  #path(id: string, ending: "json" | "text"): string {
    return join(this.#folder, `${id}.${ending}`);
  }
}

/** What a file alone says, over the defaults; keys with mistakes count as unset. */
function settingsIn(file: string, bytes: Buffer): Settings {
  const { values } = parseConfig(file, bytes);
  return Object.fromEntries(
    keyNames.map((name) => [name, values.has(name) ? values.get(name) : keyOf(name).default]),
  ) as Settings;
}
