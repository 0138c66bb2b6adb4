import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Audit } from "../audit/audit";
import type { Refusals } from "../runtime";

/** Records are kept forever, so one person can't add more than these by asking again and again. */
const recordsPerMinute = 30;

export function createRefusals(audit: Audit): Refusals {
  const limit = new RateLimiterMemory({ points: recordsPerMinute, duration: 60 });
  return {
    async record({ caller, method, path, code }) {
      const allowed = await limit.consume(caller.userId).then(
        () => true,
        (refusal: unknown) => {
          if (refusal instanceof Error) throw refusal;
          return false;
        },
      );
      if (!allowed) return;
      await audit.append({
        phase: "event",
        who: caller,
        what: "request.refused",
        target: `${method} ${path.slice(0, 300)}`,
        outcome: { code },
      });
    },
  };
}
