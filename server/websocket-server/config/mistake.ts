import type { z } from "zod";
import type { configMistakeSchema } from "../../../lib/contract/service-api";

export type ConfigMistake = z.infer<typeof configMistakeSchema>;

/** One line for a terminal: `file:3:5 heartbeat.interval: expected …`. */
export function formatMistake(mistake: ConfigMistake): string {
  const place =
    mistake.file === null
      ? "environment"
      : [mistake.file, mistake.line, mistake.column].filter((part) => part !== null).join(":");
  return `${place}${mistake.key === null ? "" : ` ${mistake.key}`}: ${mistake.message}`;
}

/** A configuration that must not be used; every mistake in it, not just the first. */
export class ConfigRefused extends Error {
  readonly mistakes: ConfigMistake[];

  constructor(mistakes: ConfigMistake[]) {
    super(mistakes.map(formatMistake).join("\n"));
    this.name = "ConfigRefused";
    this.mistakes = mistakes;
  }
}
