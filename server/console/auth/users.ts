import { randomUUID } from "node:crypto";
import type { Role } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import type { Store } from "../storage/database";
import { hashPassword, verifyPassword } from "./passwords";

export interface User {
  id: string;
  name: string;
  role: Role;
  createdAtMs: number;
}

/** Names are compared without regard to case. Those that name someone unknown throw UNKNOWN_USER. */
export interface Users {
  list(): Promise<User[]>;
  find(name: string): Promise<User | null>;
  /** Throws USER_EXISTS. */
  add(name: string, password: string, role: Role): Promise<User>;
  /** Ends the user's sessions too. */
  setPassword(name: string, password: string): Promise<User>;
  setRole(name: string, role: Role): Promise<User>;
  /** null for an unknown name and a wrong password, after the same time. */
  verify(name: string, password: string): Promise<User | null>;
}

const columns = ["id", "name", "role", "created_at_ms as createdAtMs"] as const;

export function createUsers(store: Store, nowMs: () => number = Date.now): Users {
  const find = async (name: string): Promise<User | null> =>
    (await store.selectFrom("users").select(columns).where("name", "=", name).executeTakeFirst()) ?? null;

  const known = async (name: string): Promise<User> => {
    const user = await find(name);
    if (!user) throw new CodedError("UNKNOWN_USER", `there is no user ${name}`, { name });
    return user;
  };

  return {
    list: () => store.selectFrom("users").select(columns).orderBy("name").execute(),
    find,

    async add(name, password, role) {
      const now = nowMs();
      const user = { id: randomUUID(), name, role };
      const passwordHash = await hashPassword(password);
      const added = await store
        .insertInto("users")
        .values({ ...user, password_hash: passwordHash, created_at_ms: now, changed_at_ms: now })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .returning("id")
        .executeTakeFirst();
      if (!added) throw new CodedError("USER_EXISTS", `there is a user ${name} already`, { name });
      return { ...user, createdAtMs: now };
    },

    async setPassword(name, password) {
      const user = await known(name);
      const passwordHash = await hashPassword(password);
      const now = nowMs();
      await store.transaction().execute(async (transaction) => {
        await transaction
          .updateTable("users")
          .set({ password_hash: passwordHash, changed_at_ms: now })
          .where("id", "=", user.id)
          .execute();
        await transaction
          .updateTable("sessions")
          .set({ revoked_at_ms: now })
          .where("user_id", "=", user.id)
          .where("revoked_at_ms", "is", null)
          .execute();
      });
      return user;
    },

    async setRole(name, role) {
      const user = await known(name);
      await store
        .updateTable("users")
        .set({ role, changed_at_ms: nowMs() })
        .where("id", "=", user.id)
        .execute();
      return { ...user, role };
    },

    async verify(name, password) {
      const row = await store.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
      const matches = await verifyPassword(row?.password_hash ?? null, password);
      if (!row || !matches) return null;
      return { id: row.id, name: row.name, role: row.role, createdAtMs: row.created_at_ms };
    },
  };
}
