import { z } from "zod";
import { amount, count, instant } from "./common";

/** GET /config: the running configuration as nested objects, secrets masked. */
export const runningConfigSchema = z
  .object({ heartbeat: z.object({ interval: amount, timeout: amount }) })
  .catchall(z.unknown());
export type RunningConfig = z.infer<typeof runningConfigSchema>;

export const configSourceSchema = z.enum(["default", "file", "env", "override"]);

/** A temporary value over all others. */
export const overrideSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  set_at_ms: instant,
  expires_at_ms: instant,
  reason: z.string(),
  /** Who asked, as claimed by `X-Requested-By`. */
  by: z.string(),
});
export type Override = z.infer<typeof overrideSchema>;

export const overrideParamsSchema = z.object({ key: z.string().min(1).max(128) });

/** Body of PUT /admin/config-overrides/{key}. */
export const overrideRequestSchema = z.strictObject({
  /** What the key's schema takes. */
  value: z.json(),
  ttl_seconds: z.number().positive().max(604_800),
  reason: z.string().min(1).max(300),
});

/** PUT and DELETE /admin/config-overrides/{key}: the key as it is now. */
export const overrideResultSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  winner: configSourceSchema,
  override: overrideSchema.nullable(),
});

/** Body of PUT /admin/log-level: an override of `logging.level`, for an hour unless said otherwise. */
export const logLevelRequestSchema = z.strictObject({
  level: z.enum(["debug", "info", "critical", "warn", "error"]),
  ttl_seconds: z.number().positive().max(604_800).optional(),
  reason: z.string().min(1).max(300).optional(),
});

/** GET /admin/effective-config: each key with the source that won and those that lost. */
export const effectiveConfigSchema = z.object({
  file: z.string().nullable(),
  keys: z.array(
    z.object({
      key: z.string(),
      /** Masked as `"set"` or null when the key is secret. */
      value: z.unknown(),
      winner: configSourceSchema,
      /** The variable's name when the environment won. */
      variable: z.string().nullable(),
      losers: z.array(
        z.object({ source: configSourceSchema, variable: z.string().nullable(), value: z.unknown() }),
      ),
      type: z.string(),
      unit: z.string().nullable(),
      description: z.string(),
      hot: z.boolean(),
      secret: z.boolean(),
      /** The temporary value in force, null when there is none. */
      override: overrideSchema.nullable(),
    }),
  ),
  conflicts: z.array(z.object({ key: z.string(), variables: z.array(z.string()), message: z.string() })),
  unknown_variables: z.array(z.string()),
});
export type EffectiveConfig = z.infer<typeof effectiveConfigSchema>;

/** A mistake in a configuration file or variable. */
export const configMistakeSchema = z.object({
  file: z.string().nullable(),
  line: count.nullable(),
  column: count.nullable(),
  key: z.string().nullable(),
  expected: z.string(),
  message: z.string(),
});
export type ConfigMistake = z.infer<typeof configMistakeSchema>;

export const reloadRequestSchema = z.strictObject({ dry_run: z.boolean().optional() });

/** POST /admin/reload-config. With mistakes `valid` is false, the status 422 and nothing was applied. */
export const reloadResultSchema = z.object({
  valid: z.boolean(),
  dry_run: z.boolean(),
  file: z.string().nullable(),
  changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown(), hot: z.boolean() })),
  /** Keys in force now; empty on a dry run. */
  applied: z.array(z.string()),
  needs_restart: z.array(z.string()),
  mistakes: z.array(configMistakeSchema),
});
export type ReloadResult = z.infer<typeof reloadResultSchema>;

/** GET /admin/config-history: newest first. */
export const configHistorySchema = z.object({
  versions: z.array(
    z.object({
      id: z.string(),
      applied_at_ms: instant,
      cause: z.enum(["start", "reload", "rollback"]),
      by: z.string(),
      /** Of the file's text. */
      sha256: z.string(),
      bytes: count,
      /** Against the version before it; secrets masked. */
      changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() })),
      /** Whether it is the one in force. */
      current: z.boolean(),
    }),
  ),
  /** Whether the file differs from what was last applied; null when it can't be read. */
  changed_on_disk: z.boolean().nullable(),
});
export type ConfigHistory = z.infer<typeof configHistorySchema>;

/** Body of POST /admin/config-rollback: writes that version over the file and reloads it. */
export const rollbackRequestSchema = z.strictObject({
  id: z.string().max(64),
  dry_run: z.boolean().optional(),
});
