import { z } from "zod";

/** What the sign-in form sends. The bounds only keep rubbish out: whether it fits is asked of the store. */
export const credentialsSchema = z.object({
  name: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(1_000),
});
