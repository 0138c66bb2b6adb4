import type { z } from "zod";
import type { configMistakeSchema } from "../../../lib/contract/service-api";
import { escapeLogText } from "../../process/logger";

export type ConfigMistake = z.infer<typeof configMistakeSchema>;

/** So many are told at most: a file of nothing but mistakes must not flood the log. */
export const mostMistakes = 100;

/** One line for a terminal: `file:3:5 heartbeat.interval: expected …`. */
export function formatMistake(mistake: ConfigMistake): string {
  const place =
    mistake.file === null
      ? "environment"
      : [mistake.file, mistake.line, mistake.column].filter((part) => part !== null).join(":");
  const { key, message } = mistake;
  return `${place}${key === null ? "" : ` ${escapeLogText(key)}`}: ${escapeControl(message)}`;
}

/** Quotes are those of the message's own; only what could end a line is escaped. */
function escapeControl(text: string): string {
  return text.replace(/[^"\\]+/g, escapeLogText);
}

/** A wrong value as it may be repeated: cut short, and a secret not at all. */
export function gotText(secret: boolean, value: unknown): string {
  if (secret) return "something else";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A configuration that must not be used; every mistake in it, not just the first. */
export class ConfigRefused extends Error {
  readonly mistakes: ConfigMistake[];

  constructor(all: ConfigMistake[]) {
    const mistakes = all.slice(0, mostMistakes);
    const last = mistakes.at(-1);
    if (all.length > mostMistakes && last) {
      const message = `and ${all.length - mostMistakes} more mistakes after these`;
      mistakes.push({ ...last, key: null, line: null, column: null, expected: "no mistakes", message });
    }
    super(mistakes.map(formatMistake).join("\n"));
    this.name = "ConfigRefused";
    this.mistakes = mistakes;
  }
}
