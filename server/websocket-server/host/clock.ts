import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Host } from "../../../lib/contract/service-api";
import { type Fact, factOf } from "./fact";

type Clock = NonNullable<Host["clock"]["value"]>;

const run = promisify(execFile);
const options = { timeout: 1_000, env: { ...process.env, LC_ALL: "C" } };
const keptMs = 10_000;
let newest: { at: number; fact: Promise<Fact<Omit<Clock, "now_ms">>> } | null = null;

/**
 * What the programs that keep the clock say of it, asked at most every ten seconds: chrony with its offset, else
 * systemd, which only knows whether it is synchronised.
 */
export async function readClock(): Promise<Fact<Clock>> {
  const now = performance.now();
  if (newest === null || now - newest.at > keptMs) newest = { at: now, fact: factOf(askClock) };
  const { value, reason } = await newest.fact;
  return { value: value === null ? null : { now_ms: Date.now(), ...value }, reason };
}

async function askClock(): Promise<Omit<Clock, "now_ms">> {
  const failures: string[] = [];
  for (const [program, ask] of [
    ["chronyc", askChrony],
    ["timedatectl", askSystemd],
  ] as const) {
    try {
      return await ask();
    } catch (error) {
      const { code, stderr } = error as { code?: unknown; stderr?: string };
      const said =
        stderr?.trim().split("\n", 1)[0] || (error instanceof Error ? error.message : String(error));
      failures.push(`${program}: ${code === "ENOENT" ? "not installed" : said}`);
    }
  }
  throw new Error(failures.join("; "));
}

async function askChrony() {
  return parseChrony((await run("chronyc", ["-c", "tracking"], options)).stdout);
}

/**
 * `chronyc -c tracking`: reference id, its name, stratum, reference time, system time (seconds that the clock is
 * ahead), last offset, RMS offset, frequency, residual, skew, root delay, root dispersion, interval, leap status.
 * Source: chronyc(1).
 */
export function parseChrony(line: string): Omit<Clock, "now_ms"> {
  const fields = line.trim().split(",");
  const [offset, delay, dispersion] = [fields[4], fields[10], fields[11]].map(Number);
  const leap = fields[13];
  if (leap === undefined || [offset, delay, dispersion].some((value) => !Number.isFinite(value))) {
    throw new Error(`an answer that can't be read: ${line.trim().slice(0, 100)}`);
  }
  const synchronized = leap !== "Not synchronised";
  return {
    synchronized,
    offset_ms: synchronized ? Number(offset) * 1_000 : null,
    // Source: RFC 5905, section 11.2: the root distance bounds the error.
    max_error_ms: synchronized
      ? (Math.abs(Number(offset)) + Number(delay) / 2 + Number(dispersion)) * 1_000
      : null,
    source: "chrony",
  };
}

async function askSystemd() {
  return parseSystemd((await run("timedatectl", ["show", "--property=NTPSynchronized"], options)).stdout);
}

export function parseSystemd(text: string): Omit<Clock, "now_ms"> {
  const [, answer] = /^NTPSynchronized=(yes|no)$/m.exec(text) ?? [];
  if (answer === undefined) throw new Error("does not tell whether the clock is synchronised");
  return { synchronized: answer === "yes", offset_ms: null, max_error_ms: null, source: "systemd" };
}
