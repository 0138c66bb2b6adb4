import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { CodedError } from "../../../lib/errors";

export interface AttemptLimit {
  /** Counts an attempt before it is judged, so that parallel ones can't slip through. Throws TOO_MANY_ATTEMPTS. */
  take(name: string, ip: string): Promise<void>;
  /** Gives back what a right password took. */
  giveBack(name: string, ip: string): Promise<void>;
}

/**
 * Failures by address, and by name and address together: never by name alone, or anybody could lock out the
 * right person, who comes from elsewhere.
 */
export function createAttemptLimit(limits = { perName: 10, perIp: 60, windowSeconds: 900 }): AttemptLimit {
  const byIp = new RateLimiterMemory({ points: limits.perIp, duration: limits.windowSeconds });
  const byNameAndIp = new RateLimiterMemory({ points: limits.perName, duration: limits.windowSeconds });
  const keyOf = (name: string, ip: string) => `${ip} ${name.toLowerCase()}`;

  return {
    async take(name, ip) {
      try {
        await byIp.consume(ip);
        await byNameAndIp.consume(keyOf(name, ip));
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal;
        const { msBeforeNext, consumedPoints } = refusal as RateLimiterRes;
        throw new CodedError("TOO_MANY_ATTEMPTS", "too many attempts to sign in", {
          retryAfterSeconds: Math.ceil(msBeforeNext / 1_000),
          first: consumedPoints === limits.perIp + 1 || consumedPoints === limits.perName + 1,
        });
      }
    },

    async giveBack(name, ip) {
      await byIp.reward(ip);
      await byNameAndIp.delete(keyOf(name, ip));
    },
  };
}
