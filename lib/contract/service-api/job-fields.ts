import { z } from "zod";
import { count, instant } from "./common";

/** What every job tells of itself. */
export const jobFields = {
  id: z.string(),
  state: z.enum(["running", "succeeded", "failed", "stopped"]),
  created_at_ms: instant,
  finished_at_ms: instant.nullable(),
  done: count,
  total: count,
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
};
