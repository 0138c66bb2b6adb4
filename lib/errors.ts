/**
 * Every failure that crosses a process border has a code from here; its HTTP status stands beside it and its
 * words, for the console, in `lib/i18n/messages/<language>/errors.json` under the same code.
 */
export const errorStatus = {
  BAD_REQUEST: 400,
  BROKEN_JSON: 400,
  INVALID_QUERY: 400,
  INVALID_BODY: 400,
  INVALID_CURSOR: 400,
  NAME_NOT_CONFIRMED: 400,
  UNAUTHENTICATED: 401,
  INVALID_TOKEN: 401,
  FORBIDDEN: 403,
  CROSS_ORIGIN: 403,
  FOREIGN_HOST: 403,
  NOT_FOUND: 404,
  UNKNOWN_SERVER: 404,
  UNKNOWN_JOB: 404,
  UNKNOWN_ACTION: 404,
  UNKNOWN_SNAPSHOT: 404,
  UNKNOWN_LINK: 404,
  UNKNOWN_INCIDENT: 404,
  UNKNOWN_USER: 404,
  UNKNOWN_CONNECTION: 404,
  UNKNOWN_SOURCE: 404,
  UNKNOWN_CONFIG_KEY: 404,
  UNKNOWN_CONFIG_VERSION: 404,
  UNKNOWN_HEAP_SNAPSHOT: 404,
  UNKNOWN_WORKER: 404,
  METHOD_NOT_ALLOWED: 405,
  USER_EXISTS: 409,
  PREVIEW_OUTDATED: 409,
  ACTION_RUNNING: 409,
  INCIDENT_RESOLVED: 409,
  NOT_HOT_RELOADABLE: 409,
  NO_CONFIG_FILE: 409,
  JOB_RUNNING: 409,
  WINDOW_NOT_KEPT: 410,
  VIEW_NOT_KEPT: 410,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INVALID_CONFIG: 422,
  INVALID_VALUE: 422,
  TOO_MANY_ATTEMPTS: 429,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  OUTCOME_UNKNOWN: 500,
  UNREADABLE_SNAPSHOT: 500,
  STORAGE_FAILED: 500,
  MEMBER_UNREACHABLE: 502,
  MEMBER_MISMATCH: 502,
  MEMBER_REFUSED: 502,
  SHUTTING_DOWN: 503,
  CACHE_UNAVAILABLE: 503,
  WORKER_UNAVAILABLE: 503,
  MEMBER_TIMEOUT: 504,
  NO_SPACE: 507,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** A failure with a stable code. `details` holds what the words for it need; never a secret. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CodedError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** True also for errors of another bundle's copy of the class, where `instanceof` would say no. */
export function isCodedError(error: unknown): error is CodedError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code in errorStatus
  );
}
