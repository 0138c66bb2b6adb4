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
export type OverrideResult = z.infer<typeof overrideResultSchema>;

/** Body of PUT /admin/log-level: an override of `logging.level`, for an hour unless said otherwise. */
export const logLevelRequestSchema = z.strictObject({
  level: z.enum(["debug", "info", "critical", "warn", "error"]),
  ttl_seconds: z.number().positive().max(604_800).optional(),
  reason: z.string().min(1).max(300).optional(),
});

/** A variable that looks like the service's own and sets nothing. */
export const unknownVariableSchema = z.object({ variable: z.string(), did_you_mean: z.string().nullable() });
export type UnknownVariable = z.infer<typeof unknownVariableSchema>;

/** A value that somebody set and that is not in force, since `by` (or the variable `by_variable`) sets the same key. */
export const shadowedSchema = z.object({
  key: z.string(),
  source: configSourceSchema,
  variable: z.string().nullable(),
  by: configSourceSchema,
  by_variable: z.string().nullable(),
  message: z.string(),
});

/** What came of the newest reload, by request, signal or rollback. */
export const lastReloadSchema = z.object({
  at_ms: instant,
  cause: z.enum(["reload", "rollback"]),
  by: z.string(),
  valid: z.boolean(),
  applied: z.array(z.string()),
  needs_restart: z.array(z.string()),
  /** How many mistakes the file had; nothing was applied when any. */
  mistakes: count,
});
export type LastReload = z.infer<typeof lastReloadSchema>;

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
  shadowed: z.array(shadowedSchema),
  unknown_variables: z.array(unknownVariableSchema),
  /** Default files that exist and are not read, since another file is. */
  ignored_files: z.array(z.string()),
  /** Keys whose value in file or environment comes into force at the next start. */
  pending_restart: z.array(z.object({ key: z.string(), running: z.unknown(), configured: z.unknown() })),
  last_reload: lastReloadSchema.nullable(),
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
  /** Changed keys under a temporary value: the change comes into force when that ends. */
  overridden: z.array(z.string()).default([]),
  mistakes: z.array(configMistakeSchema),
});
export type ReloadResult = z.infer<typeof reloadResultSchema>;

/** A configuration file's text that is kept. */
export const configVersionSchema = z.object({
  id: z.string(),
  applied_at_ms: instant,
  /** `replaced`: stood in the file when a rollback wrote over it, and was never in force. */
  cause: z.enum(["start", "reload", "rollback", "replaced"]),
  /** Who asked, as claimed by `X-Requested-By`. */
  by: z.string(),
  /** Of the file's bytes. */
  sha256: z.string(),
  bytes: count,
  /** Against the version before it; secrets masked. */
  changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type ConfigVersion = z.infer<typeof configVersionSchema>;

/** GET /admin/config-history: the versions of the file that is read, newest first. */
export const configHistorySchema = z.object({
  /** Null when the service runs without one. */
  file: z.string().nullable(),
  versions: z.array(
    configVersionSchema.extend({
      /** Whether it is the one in force. */
      current: z.boolean(),
    }),
  ),
  /** Whether the file differs from what was last applied; null when it can't be read or there is none. */
  changed_on_disk: z.boolean().nullable(),
});
export type ConfigHistory = z.infer<typeof configHistorySchema>;

/** Body of POST /admin/config-rollback: writes that version over the file and reloads it. */
export const rollbackRequestSchema = z.strictObject({
  id: z.string().max(64),
  dry_run: z.boolean().optional(),
});
