import type { Audit } from "../audit/audit";
import type { Store } from "../storage/database";
import { generatePassword } from "./passwords";
import { createUsers } from "./users";

/**
 * Makes sure that somebody can sign in. With a password set, the named administrator has exactly that one; else
 * the first start makes one up. Returns the password that it made up, null when it made none.
 */
export async function ensureAdmin(
  store: Store,
  audit: Audit,
  admin: { name: string; password: string | null },
): Promise<string | null> {
  const users = createUsers(store);
  const user = await users.find(admin.name);
  const record = (what: string) => audit.append({ phase: "event", who: null, what, target: admin.name });

  if (admin.password === null) {
    const someAdmin = (await users.list()).some((each) => each.role === "admin");
    if (someAdmin || user) return null;
    const generated = generatePassword();
    await users.add(admin.name, generated, "admin");
    await record("user.add");
    return generated;
  }
  if (!user) {
    await users.add(admin.name, admin.password, "admin");
    await record("user.add");
    return null;
  }
  if (user.role !== "admin") {
    await users.setRole(admin.name, "admin");
    await record("user.role");
  }
  if (!(await users.verify(admin.name, admin.password))) {
    await users.setPassword(admin.name, admin.password);
    await record("user.password");
  }
  return null;
}
