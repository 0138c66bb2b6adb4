import type { z } from "zod";
import { CodedError, type ErrorCode } from "../../lib/errors";

/**
 * What the schema makes of the value. Throws `code` with the path and the reason of each thing that is wrong and
 * the first one's path as `field`. Services ask it too, so that callers other than routes are checked.
 */
export function parseInput<T extends z.ZodType>(
  schema: T,
  value: unknown,
  code: ErrorCode = "INVALID_BODY",
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 10).map((issue) => ({
    path: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const field = issues[0]?.path ?? "";
  throw new CodedError(code, `${field ? `${field}: ` : ""}${issues[0]?.message}`, { field, issues });
}
