import { parseArgs } from "node:util";
import { type ContenderName, contenderNames } from "./contenders";

export const benchParts = [
  "fan-out",
  "latency",
  "heavy",
  "memory",
  "hold",
  "topics",
  "accepts",
  "requests",
  "stalled",
  "listing",
] as const;
export type BenchPart = (typeof benchParts)[number];

export interface BenchOptions {
  /** Where to write all figures as JSON; null writes none. */
  jsonFile: string | null;
  parts: BenchPart[];
  contenders: ContenderName[];
  /** Of fan-out, topics, accepts and requests; the median is told. */
  runs: number;
  /** Length of one run. */
  seconds: number;
  holdSeconds: number;
  /** Connections listed; as many as the descriptors allow when null. */
  rows: number | null;
  /** Folder whose node_modules holds a build of uWebSockets.js. */
  uwsFolder: string;
}

export const usage = `npm run bench:service -- [--only ${benchParts.join(",")}] [--contenders ${contenderNames.join(",")}]
  [--runs N] [--seconds N] [--hold SECONDS] [--rows N] [--uws FOLDER] [--json FILE]`;

/** Throws with one line for what is wrong. */
export function readOptions(words: string[]): BenchOptions {
  const text = { type: "string" } as const;
  const names = ["json", "only", "contenders", "runs", "seconds", "hold", "rows", "uws"] as const;
  const options = Object.fromEntries(names.map((name) => [name, text]));
  const values = parseArgs({ args: words, options }).values as Partial<
    Record<(typeof names)[number], string>
  >;
  return {
    jsonFile: values.json ?? null,
    parts: chosen("part", benchParts, values.only),
    contenders: chosen("contender", contenderNames, values.contenders),
    runs: atLeastOne("runs", values.runs, 3),
    seconds: atLeastOne("seconds", values.seconds, 2),
    holdSeconds: atLeastOne("hold", values.hold, 5),
    rows: values.rows === undefined ? null : atLeastOne("rows", values.rows, 1),
    uwsFolder: values.uws ?? process.cwd(),
  };
}

function chosen<T extends string>(what: string, all: readonly T[], text: string | undefined): T[] {
  const words = text?.split(",") ?? all;
  const unknown = words.find((word) => !all.includes(word as T));
  if (unknown !== undefined) throw new Error(`no ${what} "${unknown}": one of ${all.join(", ")}`);
  return all.filter((each) => words.includes(each));
}

function atLeastOne(name: string, text: string | undefined, fallback: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} has to be a whole number from 1`);
  return number;
}
