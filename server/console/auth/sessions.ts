import { randomBytes } from "node:crypto";
import type { Caller } from "../runtime";
import type { Store } from "../storage/database";
import type { User } from "./users";

export const sessionLifetimeMs = 12 * 3_600_000;
/** How old `last_seen` may be before a request writes it anew: not every poll should cost a write. */
const seenStepMs = 60_000;
/** Ended sessions are kept this long for those who look into who was signed in. */
const keptAfterEndMs = 30 * 86_400_000;

export interface Sessions {
  begin(user: User, origin: { ip: string; userAgent: string }): Promise<Caller>;
  /** null when it was revoked, has expired or its user is gone; the role is the user's of now. */
  find(sessionId: string): Promise<Caller | null>;
  /** The caller whose session it ended, null when it had ended before. */
  revoke(sessionId: string): Promise<Caller | null>;
}

export function createSessions(store: Store, nowMs: () => number = Date.now): Sessions {
  const find = async (sessionId: string): Promise<Caller | null> => {
    const now = nowMs();
    const row = await store
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .select(["users.id as userId", "users.name", "users.role", "sessions.last_seen_at_ms"])
      .where("sessions.id", "=", sessionId)
      .where("sessions.revoked_at_ms", "is", null)
      .where("sessions.expires_at_ms", ">", now)
      .executeTakeFirst();
    if (!row) return null;
    if (now - row.last_seen_at_ms > seenStepMs) {
      await store.updateTable("sessions").set({ last_seen_at_ms: now }).where("id", "=", sessionId).execute();
    }
    return { userId: row.userId, name: row.name, role: row.role, sessionId };
  };

  return {
    find,

    async begin(user, origin) {
      const now = nowMs();
      await store
        .deleteFrom("sessions")
        .where("expires_at_ms", "<", now - keptAfterEndMs)
        .execute();
      const sessionId = randomBytes(24).toString("base64url");
      await store
        .insertInto("sessions")
        .values({
          id: sessionId,
          user_id: user.id,
          created_at_ms: now,
          last_seen_at_ms: now,
          expires_at_ms: now + sessionLifetimeMs,
          ip: origin.ip.slice(0, 64),
          user_agent: origin.userAgent.slice(0, 256),
          revoked_at_ms: null,
        })
        .execute();
      return { userId: user.id, name: user.name, role: user.role, sessionId };
    },

    async revoke(sessionId) {
      const caller = await find(sessionId);
      await store
        .updateTable("sessions")
        .set({ revoked_at_ms: nowMs() })
        .where("id", "=", sessionId)
        .where("revoked_at_ms", "is", null)
        .execute();
      return caller;
    },
  };
}
