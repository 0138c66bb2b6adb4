import type { CodedError } from "../../../lib/errors";
import type { FailureKind } from "../../../lib/health";
import type { PollOutcome } from "./batch";

const mismatchKinds = new Set<string>([
  "html",
  "broken_json",
  "schema",
  "too_large",
  "status",
  "not_http",
  "tls",
  "encoding",
] satisfies FailureKind[]);
const unreachableReasons = new Set<string>([
  "refused",
  "reset",
  "dns",
  "unreachable",
  "connect_timeout",
  "empty",
] satisfies FailureKind[]);

/** The status table's words for an error of the member client; null for one that says nothing of the member. */
export function failureOfPoll(error: CodedError): PollOutcome["failure"] {
  const params = plainParams(error.details);
  switch (error.code) {
    case "MEMBER_UNREACHABLE": {
      const reason = String(error.details.reason);
      return { kind: unreachableReasons.has(reason) ? (reason as FailureKind) : "unreachable", params };
    }
    case "MEMBER_TIMEOUT":
      return { kind: "no_answer", params };
    case "MEMBER_REFUSED":
      return {
        kind: error.details.status === 401 || error.details.status === 403 ? "token_refused" : "status",
        params,
      };
    case "MEMBER_MISMATCH": {
      const kind = String(error.details.kind);
      return { kind: mismatchKinds.has(kind) ? (kind as FailureKind) : "schema", params };
    }
    default:
      return null;
  }
}

function plainParams(details: Record<string, unknown>): Record<string, string | number> {
  const params: Record<string, string | number> = {};
  for (const name of ["limitMs", "limitBytes", "path", "status", "encoding"]) {
    const value = details[name];
    if (typeof value === "string" || typeof value === "number") params[name] = value;
  }
  return params;
}
