import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createStopList, type StopList } from "../../console/stop-list";
import { onShutdown } from "../../process/shutdown";
import { describeMachine, loadAverage } from "../measuring/machine";
import { type ContenderName, whyAbsent } from "./contenders";
import { type Measured, measureContender, type RowName, rowsOf } from "./measure";
import { type BenchOptions, readOptions, usage } from "./options";
import { unpinned } from "./pinned-process";
import { asTable, type Row, verdict } from "./table";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Measures, prints and ends: with 0 whatever the figures are, with 1 when they could not be taken. */
export async function runBench(words: string[]): Promise<void> {
  let options: BenchOptions;
  try {
    options = readOptions(words);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exit(2);
  }
  const stops = createStopList();
  onShutdown(
    () => stops.run(),
    20_000,
    () => stops.underway(),
  );
  let exitCode = 0;
  try {
    await measureAndPrint(options, stops);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    exitCode = 1;
  }
  await stops.run();
  process.exit(exitCode);
}

async function measureAndPrint(options: BenchOptions, stops: StopList): Promise<void> {
  const startedAtMs = Date.now();
  const loadBefore = loadAverage();
  const results = new Map<ContenderName, Measured>();
  const absent: string[] = [];
  for (const name of options.contenders) {
    const reason = whyAbsent(name, options.uwsFolder);
    if (reason === null) results.set(name, await measureContender(name, options, stops, say));
    else absent.push(`${name}: not available here: ${reason}`);
  }
  const rows = gather(results);
  const machine = describeMachine();
  const load = { before: loadBefore, after: loadAverage() };
  say(`\n${asTable(rows, [...results.keys()])}`);
  say(`\n${new Date(startedAtMs).toISOString()}, ${Math.round((Date.now() - startedAtMs) / 1_000)} s`);
  say(`${machine}; load average before ${load.before}, after ${load.after}`);
  say(unpinned === null ? "Server on core 0, load client on core 1." : `Nothing is pinned: ${unpinned}.`);
  for (const line of absent) say(line);
  if (options.jsonFile !== null) {
    const file = resolve(options.jsonFile);
    mkdirSync(dirname(file), { recursive: true });
    const judged = rows.map((row) => ({ ...row, verdict: verdict(row) }));
    const result = { startedAtMs, machine, load, unpinned, absent, options, rows: judged };
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    say(`written to ${file}`);
  }
}

/** A row for each figure that somebody has. */
function gather(results: ReadonlyMap<ContenderName, Measured>): Row[] {
  return (Object.keys(rowsOf) as RowName[]).flatMap((name) => {
    const values: Row["values"] = {};
    const notes: string[] = [];
    for (const [contender, measured] of results) {
      const value = measured.values[name];
      if (value !== undefined) values[contender] = value;
      const note = measured.notes[name];
      if (note !== undefined) notes.push(note);
    }
    if (Object.keys(values).length === 0) return [];
    return [{ ...rowsOf[name], values, note: notes.join("; ") }];
  });
}
