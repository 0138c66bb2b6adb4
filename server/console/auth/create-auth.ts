import { CodedError, isCodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import type { Audit } from "../audit/audit";
import type { Auth } from "../runtime";
import type { Store } from "../storage/database";
import { type AttemptLimit, createAttemptLimit } from "./attempt-limit";
import { longestPassword } from "./passwords";
import { createSessions } from "./sessions";
import { createUsers } from "./users";

export interface AuthOptions {
  store: Store;
  audit: Audit;
  logger: Logger;
  secret: string;
  port: number;
  publicUrl: string;
  attemptLimit?: AttemptLimit;
  nowMs?: () => number;
}

/** Signing in and out, each with its audit record, and the check of a session against the store. */
export function createAuth(options: AuthOptions): Auth {
  const { store, audit, logger } = options;
  const users = createUsers(store, options.nowMs);
  const sessions = createSessions(store, options.nowMs);
  const attempts = options.attemptLimit ?? createAttemptLimit();
  const secureCookies = options.publicUrl.startsWith("https:");

  /** Only names of known users are kept: into the field of the name people also type their password. */
  const recordFailure = async (name: string, ip: string, code: string) => {
    const user = await users.find(name);
    logger.warn("sign-in refused", { name: user?.name ?? null, ip, code });
    await audit.append({
      phase: "event",
      who: null,
      what: "auth.sign-in-refused",
      target: user?.name,
      outcome: { code, ip },
    });
  };

  return {
    secret: options.secret,
    cookieName: `${secureCookies ? "__Secure-" : ""}wirewatch.session.${options.port}`,
    secureCookies,

    async signIn({ name, password }, origin) {
      try {
        await attempts.take(name, origin.ip);
      } catch (error) {
        // One record when a limit is reached, not one for each attempt beyond it.
        if (isCodedError(error) && error.details.first === true)
          await recordFailure(name, origin.ip, error.code);
        throw error;
      }
      const user = password.length > longestPassword ? null : await users.verify(name, password);
      if (!user) {
        await recordFailure(name, origin.ip, "INVALID_TOKEN");
        throw new CodedError("INVALID_TOKEN", "wrong name or password");
      }
      await attempts.giveBack(name, origin.ip);
      const caller = await sessions.begin(user, origin);
      await audit.append({ phase: "event", who: caller, what: "auth.sign-in", outcome: { ip: origin.ip } });
      logger.info("signed in", { name: caller.name, role: caller.role, ip: origin.ip });
      return caller;
    },

    async signOut(sessionId) {
      const caller = await sessions.revoke(sessionId);
      if (!caller) return;
      await audit.append({ phase: "event", who: caller, what: "auth.sign-out" });
      logger.info("signed out", { name: caller.name });
    },

    session: (sessionId) => sessions.find(sessionId),
  };
}
