import { z } from "zod";
import { count, instant, wholeNumber } from "./common";

export const logLineSchema = z.object({
  /** Null for a line that does not begin with an instant. */
  at_ms: instant.nullable(),
  level: z.string().nullable(),
  /** The whole line as it stands in the file. */
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Query of GET /admin/logs and, but for `since_ms`, `until_ms` and `limit`, of GET /admin/logs/stream. */
export const logsQuerySchema = z.strictObject({
  /** This level and those above it. */
  level: z.enum(["debug", "info", "warn", "error", "critical"]).optional(),
  /** Part of a line, without regard to case. */
  q: z.string().max(200).optional(),
  since_ms: wholeNumber.optional(),
  until_ms: wholeNumber.optional(),
  /** 200 when left out. */
  limit: wholeNumber.min(1).max(5_000).optional(),
});
export type LogsQuery = z.infer<typeof logsQuerySchema>;
export const logStreamQuerySchema = logsQuerySchema.pick({ level: true, q: true });

/** GET /admin/logs: the newest lines that fit, oldest first. */
export const logsSchema = z.object({
  file: z.string().nullable(),
  lines: z.array(logLineSchema),
  /** Older lines were not looked at, or there are more than `limit`. */
  more: z.boolean(),
  /** `memory` when the file can't be read or written: what this process wrote of late. */
  from: z.enum(["file", "memory"]),
});
export type Logs = z.infer<typeof logsSchema>;

/** POST /admin/logs/rotate. */
export const logRotationSchema = z.object({
  /** Name of the file that the lines so far are in now; null when there was nothing to rotate. */
  rotated: z.string().nullable(),
  /** Given back by pruning and by compression; below 0 when a compressed file is the larger one. */
  freed_bytes: z.number().int(),
  removed: z.array(z.string()),
  /** What is kept, newest first. */
  files: z.array(z.object({ name: z.string(), bytes: count, modified_at_ms: instant })),
});
export type LogRotation = z.infer<typeof logRotationSchema>;
