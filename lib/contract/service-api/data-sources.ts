import { z } from "zod";
import { amount, count, instant } from "./common";

/**
 * `backoff`: lost or out of reach, and tried again soon. `failed`: the other side refuses, as for a wrong password;
 * tried again, but rarely. `standby`: another instance on the same Redis runs it.
 */
export const dataSourceSchema = z.object({
  name: z.string(),
  type: z.string(),
  state: z.enum(["running", "connecting", "backoff", "standby", "stopped", "failed"]),
  /** Since when it should run and does not; null while it runs, and while it need not. */
  down_since_at_ms: instant.nullable(),
  /** Topics that it has fed, told apart up to 100,000. */
  topics: count,
  last_message_at_ms: instant.nullable(),
  messages_total: count,
  /** Messages a second over the newest ten seconds. */
  messages_per_second: amount,
  /** Lost connections, attempts that failed, payloads that could not be used. */
  errors_total: count,
  /** Connections after the first, asked for or not. */
  reconnects_total: count,
  last_error: z.string().nullable(),
});
export type DataSource = z.infer<typeof dataSourceSchema>;

/** GET /admin/datasource-status. */
export const datasourceStatusSchema = z.object({ datasources: z.array(dataSourceSchema) });

export const dataSourceParamsSchema = z.object({ name: z.string().min(1).max(128) });
