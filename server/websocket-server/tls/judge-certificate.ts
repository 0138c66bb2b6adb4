import type { Health, Stats } from "../../../lib/contract/service-api";

const dayMs = 86_400_000;
const warnDays = 14;

type Judgement = Pick<Health["checks"][number], "status" | "message">;

/** What a certificate in force is worth at `nowMs`. */
export function judgeCertificate(tls: NonNullable<Stats["server"]["tls"]>, nowMs: number): Judgement {
  const { status, message } = judgeValidity(tls, nowMs);
  if (tls.refused === null) return { status, message };
  const refused = `what lies in its files is not served: ${tls.refused}`;
  return { status: status === "fail" ? "fail" : "warn", message: `${message}; ${refused}` };
}

/** Regardless of what lies in the files by now. */
export function judgeValidity(tls: NonNullable<Stats["server"]["tls"]>, nowMs: number): Judgement {
  const { not_before_ms: from, not_after_ms: until, chain_not_after_ms: chainUntil } = tls;
  if (nowMs > until) return { status: "fail", message: `the certificate expired at ${instantText(until)}` };
  if (nowMs < from) {
    return { status: "fail", message: `the certificate is not valid before ${instantText(from)}` };
  }
  if (chainUntil !== null && nowMs > chainUntil) {
    const message = `an intermediate certificate expired at ${instantText(chainUntil)}`;
    return { status: "warn", message };
  }
  const end = Math.min(until, chainUntil ?? until);
  const days = (end - nowMs) / dayMs;
  const which = end === until ? "the certificate" : "an intermediate certificate";
  const message = `${which} expires in ${days.toFixed(1)} days, at ${instantText(end)}`;
  return { status: days < warnDays ? "warn" : "pass", message };
}

/** The far end of what certificates may say is beyond what a Date holds in four digits, but never beyond a Date. */
function instantText(ms: number): string {
  return new Date(ms).toISOString();
}
