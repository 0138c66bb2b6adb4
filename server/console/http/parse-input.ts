import type { z } from "zod";
import { CodedError, type ErrorCode } from "../../../lib/errors";

/** What the schema makes of the value. Throws `code` with the path and the reason of each thing that is wrong. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, code: ErrorCode): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 10).map((issue) => ({
    path: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const [first] = issues;
  throw new CodedError(code, `${first?.path ? `${first.path}: ` : ""}${first?.message}`, { issues });
}

/** A parameter that comes twice is an array, which no schema takes: which of the two was meant can't be told. */
export function queryObject(search: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(search.keys())].map((key) => {
      const values = search.getAll(key);
      return [key, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
