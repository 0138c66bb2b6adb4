import { CodedError, type ErrorCode, isCodedError } from "../../../lib/errors";

/** The one shape of every failure that the console answers with. */
export interface ErrorEnvelope {
  error: { code: ErrorCode; message: string; details: Record<string, unknown> };
}

export function errorEnvelope(error: CodedError): ErrorEnvelope {
  return { error: { code: error.code, message: error.message, details: error.details } };
}

/** The error itself where it has a code. Anything else is told to `onUnknown` and shown as INTERNAL. */
export function toCodedError(error: unknown, onUnknown: (error: unknown) => void): CodedError {
  if (isCodedError(error)) return error;
  onUnknown(error);
  return new CodedError("INTERNAL", "something went wrong in the console; its log says what");
}
