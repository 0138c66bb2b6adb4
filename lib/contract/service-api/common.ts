import { z } from "zod";

export const count = z.number().int().nonnegative();
export const amount = z.number().nonnegative();
export const instant = z.number().int().nonnegative();
/** A whole number in a query. */
export const wholeNumber = z.coerce.number().int().nonnegative();

export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/**
 * A histogram that only grows: `counts[i]` observations were at most `bounds_ms[i]` and above the bound
 * before it; the last entry of `counts` (one more than bounds) holds what was above every bound.
 * Percentiles are made from the difference of two readings, never from one.
 */
export const histogramSchema = z
  .object({
    bounds_ms: z.array(amount).min(1).max(64),
    counts: z.array(count).min(2).max(65),
    sum_ms: amount,
  })
  .refine((h) => h.counts.length === h.bounds_ms.length + 1, {
    message: "counts must hold one entry more than bounds_ms",
    path: ["counts"],
  });
export type Histogram = z.infer<typeof histogramSchema>;

/** A thing that a platform may not be able to tell: `value` is null and `reason` says why. */
export function fact<S extends z.ZodType>(value: S) {
  return z.object({ value: value.nullable(), reason: z.string().nullable() });
}

/** Part of a list: how many there are in all, and where the next part begins. */
export const pageFields = { total: count, next_cursor: z.string().nullable() };
export const pageQuery = {
  limit: wholeNumber.min(1).max(10_000).optional(),
  cursor: z.string().max(64).optional(),
};
