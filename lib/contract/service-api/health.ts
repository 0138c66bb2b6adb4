import { z } from "zod";
import { instant } from "./common";

export const healthStatusSchema = z.enum(["healthy", "degraded", "unhealthy", "draining"]);

/** GET /health: 200 for healthy and degraded, 503 for unhealthy and draining. */
export const healthSchema = z.object({
  status: healthStatusSchema,
  server_id: z.string(),
  at_ms: instant,
  checks: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["pass", "warn", "fail", "unknown"]),
      message: z.string(),
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;
