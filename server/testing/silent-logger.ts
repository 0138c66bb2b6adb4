import { createLogger } from "../process/logger";

/** Keeps its lines for tests that look at them, and the terminal quiet. */
export function silentLogger(lines: string[] = []) {
  return createLogger((line) => lines.push(line));
}
