import { parseArgs } from "node:util";

export const benchParts = ["first-datum", "change", "weight", "steady"] as const;
export type BenchPart = (typeof benchParts)[number];

export interface BenchOptions {
  /** Where to write all figures as JSON; null writes none. */
  jsonFile: string | null;
  parts: BenchPart[];
  /** Page loads for each page and cache. */
  runs: number;
  changes: number;
  steadySeconds: number;
}

export const usage =
  "npm run bench:console -- [--json FILE] [--only first-datum,change,weight,steady] [--runs N] [--changes N] [--seconds N]";

/** Throws with one line for what is wrong. */
export function readOptions(words: string[]): BenchOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: words,
    options: { json: text, only: text, runs: text, changes: text, seconds: text },
  });
  const only = values.only?.split(",") ?? benchParts;
  const unknown = only.find((part) => !benchParts.includes(part as BenchPart));
  if (unknown !== undefined) throw new Error(`no part "${unknown}": one of ${benchParts.join(", ")}`);
  return {
    jsonFile: values.json ?? null,
    parts: benchParts.filter((part) => only.includes(part)),
    runs: atLeastOne("runs", values.runs, 7),
    changes: atLeastOne("changes", values.changes, 60),
    steadySeconds: atLeastOne("seconds", values.seconds, 30),
  };
}

function atLeastOne(name: string, text: string | undefined, fallback: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} has to be a whole number from 1`);
  return number;
}
