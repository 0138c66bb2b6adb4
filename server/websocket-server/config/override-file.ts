import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { overrideSchema } from "../../../lib/contract/service-api";
import { makeFolder } from "../../process/make-folder.mjs";
import { replaceFile } from "../../process/replace-file";
import { readRegularFile } from "./read-regular-file";
import { keyOf } from "./schema";
import type { OverrideEntry, OverrideMap } from "./store";
import { isKey } from "./suggest";

const largestFile = 16 * 1_048_576;
const fileSchema = z.object({ overrides: z.array(z.unknown()) });

export interface OverrideFileReading {
  overrides: OverrideEntry[];
  warnings: string[];
}

/**
 * The overrides kept on disk; each is held to today's schema. Never throws: a file that can't be read or
 * understood is put aside under another name, and told in `warnings`.
 */
export async function readOverrideFile(file: string, nowMs: number): Promise<OverrideFileReading> {
  let entries: unknown[];
  try {
    entries = fileSchema.parse(JSON.parse(readRegularFile(file, largestFile).toString("utf8"))).overrides;
  } catch (error) {
    if (isMissing(error)) return { overrides: [], warnings: [] };
    const aside = `${file}.broken-${nowMs}`;
    const reason = error instanceof z.ZodError ? "not a list of overrides" : messageOf(error);
    const kept = await rename(file, aside).then(
      () => `kept as ${aside}`,
      (failed: unknown) => `it could not be put aside: ${messageOf(failed)}`,
    );
    return { overrides: [], warnings: [`${file} can't be used: ${reason}; ${kept}`] };
  }
  const overrides: OverrideEntry[] = [];
  const warnings: string[] = [];
  for (const entry of entries) {
    const read = readEntry(entry);
    if (typeof read === "string") warnings.push(`override dropped: ${read}`);
    else overrides.push(read);
  }
  return { overrides, warnings };
}

function readEntry(entry: unknown): OverrideEntry | string {
  const parsed = overrideSchema.safeParse(entry);
  if (!parsed.success) return "not an override";
  const { key: name } = parsed.data;
  if (!isKey(name)) return `unknown key ${name}`;
  const key = keyOf(name);
  if (!key.hot) return `${name} needs a restart`;
  const read = key.read(parsed.data.value);
  return read.ok ? { ...parsed.data, key: name, value: read.value } : `${name}: expected ${read.expected}`;
}

/** Returns once they are on the disk. Throws the system's error; the file is then as it was. */
export async function writeOverrideFile(file: string, overrides: OverrideMap): Promise<void> {
  makeFolder(dirname(file));
  const text = JSON.stringify({ overrides: [...overrides.values()] }, null, 2);
  // A value may be secret.
  await replaceFile(file, `${text}\n`, 0o600);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
