import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createStopList } from "../../console/stop-list";
import { onShutdown } from "../../process/shutdown";
import { describeMachine, loadAverage } from "../measuring/machine";
import { measure } from "./measure";
import { type BenchOptions, readOptions, usage } from "./options";
import { setStage } from "./stage";
import { asTable, type Figure, verdict } from "./table";

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

async function measureAndPrint(options: BenchOptions, stops: ReturnType<typeof createStopList>) {
  const startedAtMs = Date.now();
  const loadBefore = loadAverage();
  const stage = await setStage(stops);
  const { figures, details } = await measure(stage, options, say);
  const machine = describeMachine(`Chromium ${stage.browser.version()} headless, without a GPU`);
  const load = { before: loadBefore, after: loadAverage() };
  say(`\n${asTable(figures)}`);
  say(`\n${new Date(startedAtMs).toISOString()}, ${Math.round((Date.now() - startedAtMs) / 1_000)} s`);
  say(`${machine}; load average before ${load.before}, after ${load.after}`);
  say("Everything runs on this one machine: services, clients, console and browser.");
  if (options.jsonFile !== null) {
    const file = resolve(options.jsonFile);
    mkdirSync(dirname(file), { recursive: true });
    const judged = figures.map((figure: Figure) => ({ ...figure, verdict: verdict(figure) }));
    const result = { startedAtMs, machine, load, options, figures: judged, details };
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    say(`written to ${file}`);
  }
}
