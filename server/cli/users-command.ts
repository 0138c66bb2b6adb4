import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { type Role, roleSchema } from "../../lib/contract/console-api";
import { CodedError } from "../../lib/errors";
import { createAudit } from "../console/audit/audit";
import { generatePassword, longestPassword, shortestPassword } from "../console/auth/passwords";
import { userNameSchema } from "../console/auth/user-name";
import { createUsers, type User, type Users } from "../console/auth/users";
import { readEnv } from "../console/env";
import { StartupError } from "../console/startup-error";
import { openStore } from "../console/storage/open-store";
import { UsageError } from "./usage";

export interface CommandContext {
  env: Record<string, string | undefined>;
  projectRoot: string;
  readPassword: (prompt: string) => Promise<string>;
  print: (line: string) => void;
}

interface Work {
  users: Users;
  print: (line: string) => void;
  /** Given, or made up and printed. */
  password: () => Promise<string>;
  record: (what: string, user: User) => Promise<unknown>;
}

/** `wirewatch users …`. Throws UsageError, StartupError, USER_EXISTS and UNKNOWN_USER. */
export async function runUsersCommand(args: string[], context: CommandContext): Promise<void> {
  const { positionals, values } = parse(args);
  const [verb, name, ...rest] = positionals;
  const task = taskOf(verb, name, values.role ?? rest.shift());
  if (rest.length > 0) throw new UsageError(`${rest[0]} is one word too many`);

  const { dataDir } = readEnv(context.env, context.projectRoot);
  const store = await openStore(dataDir);
  try {
    const audit = createAudit(store);
    await task({
      users: createUsers(store),
      print: context.print,
      password: () => (values.generate ? madeUp(context.print) : asked(context)),
      record: (what, user) =>
        audit.append({
          phase: "event",
          who: null,
          what,
          target: user.name,
          outcome: { from: "command line", systemUser: userInfo().username, role: user.role },
        }),
    });
  } finally {
    await store.destroy();
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { role: { type: "string" }, generate: { type: "boolean" } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function taskOf(verb: string | undefined, name: string | undefined, role: string | undefined) {
  switch (verb) {
    case "list":
      return listUsers;
    case "add":
      return addUser(nameOf(name), roleOf(role));
    case "passwd":
      return changePassword(nameOf(name));
    case "role":
      return changeRole(nameOf(name), roleOf(role));
    default:
      throw new UsageError(verb === undefined ? "say what to do with users" : `users can't ${verb}`);
  }
}

async function listUsers({ users, print }: Work): Promise<void> {
  const found = await users.list();
  const width = Math.max(0, ...found.map((user) => user.name.length));
  for (const { name, role, createdAtMs } of found) {
    print(
      `${name.padEnd(width)}  ${role.padEnd(8)}  since ${new Date(createdAtMs).toISOString().slice(0, 10)}`,
    );
  }
}

const addUser =
  (name: string, role: Role) =>
  async ({ users, print, password, record }: Work): Promise<void> => {
    if (await users.find(name))
      throw new CodedError("USER_EXISTS", `there is a user ${name} already`, { name });
    const user = await users.add(name, await password(), role);
    await record("user.add", user);
    print(`added ${user.name} as ${role}`);
  };

const changePassword =
  (name: string) =>
  async ({ users, print, password, record }: Work): Promise<void> => {
    if (!(await users.find(name))) throw new CodedError("UNKNOWN_USER", `there is no user ${name}`, { name });
    const user = await users.setPassword(name, await password());
    await record("user.password", user);
    print(`changed the password of ${user.name}; sessions of theirs have ended`);
  };

const changeRole =
  (name: string, role: Role) =>
  async ({ users, print, record }: Work): Promise<void> => {
    const user = await users.setRole(name, role);
    await record("user.role", user);
    print(`${user.name} is ${role} now`);
  };

function nameOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError("give a NAME");
  const parsed = userNameSchema.safeParse(text);
  if (!parsed.success)
    throw new UsageError(`${JSON.stringify(text)} can't be a name: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

function roleOf(text: string | undefined): Role {
  const parsed = roleSchema.safeParse(text);
  if (!parsed.success) throw new UsageError(`give a role: ${roleSchema.options.join(", ")}`);
  return parsed.data;
}

async function asked({ readPassword }: CommandContext): Promise<string> {
  const password = await readPassword("Password: ");
  if (password.length < shortestPassword || password.length > longestPassword) {
    throw new StartupError(`a password has ${shortestPassword} to ${longestPassword} characters`);
  }
  return password;
}

async function madeUp(print: (line: string) => void): Promise<string> {
  const password = generatePassword();
  print(password);
  return password;
}
