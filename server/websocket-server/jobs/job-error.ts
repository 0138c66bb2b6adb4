import type { Job } from "../../../lib/contract/service-api";
import { type ErrorCode, isCodedError } from "../../../lib/errors";

/** What a job that failed tells; `otherwise` is the code of errors that have none of their own. */
export function jobError(error: unknown, otherwise: ErrorCode = "INTERNAL"): NonNullable<Job["error"]> {
  const message = error instanceof Error ? error.message : String(error);
  return { code: isCodedError(error) ? error.code : otherwise, message };
}
