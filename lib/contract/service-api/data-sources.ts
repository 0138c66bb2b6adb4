import { z } from "zod";
import { amount, count, instant } from "./common";

export const dataSourceSchema = z.object({
  name: z.string(),
  type: z.string(),
  /** `standby`: another instance on the same Redis runs it. */
  state: z.enum(["running", "connecting", "backoff", "standby", "stopped", "failed"]),
  topics: count,
  last_message_at_ms: instant.nullable(),
  messages_total: count,
  /** Messages a second over the newest ten seconds. */
  messages_per_second: amount,
  errors_total: count,
  reconnects_total: count,
  last_error: z.string().nullable(),
});
export type DataSource = z.infer<typeof dataSourceSchema>;

/** GET /admin/datasource-status. */
export const datasourceStatusSchema = z.object({ datasources: z.array(dataSourceSchema) });

export const dataSourceParamsSchema = z.object({ name: z.string().min(1).max(128) });
