import type { z } from "zod";
import { CodedError } from "../../../lib/errors";

/** Throws INVALID_BODY with the first field that is wrong, so that callers other than routes are checked too. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new CodedError("INVALID_BODY", `${field}: ${issue?.message ?? "invalid"}`, { field });
}
