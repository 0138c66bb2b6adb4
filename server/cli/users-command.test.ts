import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createUsers } from "../console/auth/users";
import { openStore } from "../console/storage/open-store";
import { runUsersCommand } from "./users-command";

let folder: string;
let printed: string[];
let asked: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wirewatch-cli-"));
  printed = [];
  asked = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (line: string, password = "long enough") =>
  runUsersCommand(line.split(" "), {
    env: { WIREWATCH_DATA_DIR: folder },
    projectRoot: folder,
    print: (text) => printed.push(text),
    readPassword: async () => {
      asked += 1;
      return password;
    },
  });
const signIn = async (name: string, password: string) => {
  const store = await openStore(folder);
  const user = await createUsers(store).verify(name, password);
  await store.destroy();
  return user?.role ?? null;
};

test("adds a person who can then sign in, while the console has the store open", async () => {
  const console = await openStore(folder);
  await run("add mei.lin --role operator");
  expect(await createUsers(console).verify("mei.lin", "long enough")).toMatchObject({ role: "operator" });
  expect(await console.selectFrom("audit_records").select(["what", "target"]).execute()).toEqual([
    { what: "user.add", target: "mei.lin" },
  ]);
  await console.destroy();
});

test("makes a password up and prints it", async () => {
  await run("add mei --role viewer --generate");
  expect(asked).toBe(0);
  expect(await signIn("mei", printed[0] ?? "")).toBe("viewer");
});

test("changes a password and a role", async () => {
  await run("add mei --role viewer");
  await run("passwd mei", "another long one");
  expect(await signIn("mei", "long enough")).toBeNull();
  await run("role mei admin");
  expect(await signIn("mei", "another long one")).toBe("admin");
});

test("lists people with their roles", async () => {
  await run("add mei --role viewer");
  await run("add 王伟 --role admin");
  printed.length = 0;
  await run("list");
  expect(printed).toEqual([
    expect.stringMatching(/^mei {2}viewer /),
    expect.stringMatching(/^王伟 {3}admin /),
  ]);
});

test.each([
  ["dance", "users can't dance"],
  ["add", "give a NAME"],
  ["add two@words! --role viewer", "can't be a name"],
  ["add mei", "give a role: viewer, operator, admin"],
  ["add mei --role root", "give a role: viewer, operator, admin"],
  ["add mei --rolle viewer", "Unknown option '--rolle'"],
  ["add mei viewer now", "now is one word too many"],
  ["passwd nobody", "there is no user nobody"],
  ["role nobody admin", "there is no user nobody"],
])("users %s: %s", async (line, message) => {
  await expect(run(line)).rejects.toThrow(message);
  expect(asked).toBe(0);
});

test("refuses a name that is taken in another case, before it asks for a password", async () => {
  await run("add mei --role viewer");
  await expect(run("add MEI --role admin")).rejects.toThrow("there is a user MEI already");
  expect(asked).toBe(1);
});

test.each(["short", "x".repeat(201)])("refuses a password of the wrong length", async (password) => {
  await expect(run("add mei --role viewer", password)).rejects.toThrow("8 to 200 characters");
  expect(await signIn("mei", password)).toBeNull();
});
