import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type ConsoleFixture,
  fixtureOrigin,
  fixturePassword,
  openConsoleFixture,
} from "../http/console-fixture";
import { callerOf } from "./request-caller";
import { sessionLifetimeMs } from "./sessions";

let console: ConsoleFixture;
beforeEach(async () => {
  console = await openConsoleFixture();
});
afterEach(() => console.close());

const from = (ip: string) => ({ ip, userAgent: "test" });
const signIn = (name: string, password: string, ip = "192.0.2.1") =>
  console.runtime.auth.signIn({ name, password }, from(ip));
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "signed in",
    (error: { code: string }) => error.code,
  );
const recorded = () =>
  console.store.selectFrom("audit_records").select(["who", "what", "target", "outcome"]).execute();

test("a session holds until it is signed out, at once", async () => {
  const { cookie, sessionId } = await console.cookieOf("operator");
  const who = () => callerOf(cookie, console.runtime.auth);
  expect(await who()).toMatchObject({ name: "operator", role: "operator", sessionId });
  await console.runtime.auth.signOut(sessionId);
  expect(await who()).toBeNull();
});

test("a role is the user's of now", async () => {
  const { cookie } = await console.cookieOf("operator");
  await console.users.setRole("operator", "viewer");
  expect((await callerOf(cookie, console.runtime.auth))?.role).toBe("viewer");
});

test("a new password ends the sessions of the old one", async () => {
  const { cookie } = await console.cookieOf("operator");
  await console.users.setPassword("operator", "another long one");
  expect(await callerOf(cookie, console.runtime.auth)).toBeNull();
  expect(await codeOf(signIn("operator", fixturePassword))).toBe("INVALID_TOKEN");
  expect(await codeOf(signIn("operator", "another long one"))).toBe("signed in");
});

test("a session ends after 12 hours, however much it is used", async () => {
  const { cookie } = await console.cookieOf("operator");
  const who = () => callerOf(cookie, console.runtime.auth);
  for (let minutes = 0; minutes < 11 * 60; minutes += 30) {
    console.clock.nowMs += 30 * 60_000;
    expect(await who()).not.toBeNull();
  }
  const used = await console.store.selectFrom("sessions").select("last_seen_at_ms").executeTakeFirstOrThrow();
  expect(used.last_seen_at_ms).toBe(console.clock.nowMs);
  console.clock.nowMs += sessionLifetimeMs - 11 * 3_600_000;
  expect(await who()).toBeNull();
});

test("a session goes with its user", async () => {
  const { cookie } = await console.cookieOf("operator");
  await console.store.deleteFrom("users").where("name", "=", "operator").execute();
  expect(await callerOf(cookie, console.runtime.auth)).toBeNull();
});

test.each([
  ["no cookie", null],
  ["an empty one", ""],
  ["one of another port", "wirewatch.session.4001=x"],
  ["a forged one", "wirewatch.session.4000=eyJhbGciOiJub25lIn0.e30."],
])("%s is nobody", async (_what, cookie) => {
  expect(await callerOf(cookie, console.runtime.auth)).toBeNull();
});

test("names are the same in any case; an unknown name answers as a wrong password does", async () => {
  expect(await codeOf(signIn("OPERATOR", fixturePassword))).toBe("signed in");
  const answers = await Promise.allSettled([signIn("operator", "wrong"), signIn("nobody", "wrong")]);
  const [wrong, unknown] = answers.map((answer) => answer.status === "rejected" && String(answer.reason));
  expect(wrong).toBe(unknown);
});

test("failures are limited by name and address, and the right person still comes in from elsewhere", async () => {
  for (let i = 0; i < 10; i += 1) expect(await codeOf(signIn("admin", `guess ${i}`))).toBe("INVALID_TOKEN");
  expect(await codeOf(signIn("admin", "guess 11"))).toBe("TOO_MANY_ATTEMPTS");
  expect(await codeOf(signIn("Admin", fixturePassword))).toBe("TOO_MANY_ATTEMPTS");
  expect(await codeOf(signIn("admin", fixturePassword, "192.0.2.2"))).toBe("signed in");
  expect(await codeOf(signIn("operator", fixturePassword))).toBe("signed in");
});

test("guesses sent at once are limited as well", async () => {
  const codes = await Promise.all(
    Array.from({ length: 30 }, (_, i) => codeOf(signIn("admin", `guess ${i}`))),
  );
  expect(codes.filter((code) => code === "INVALID_TOKEN")).toHaveLength(10);
});

test("one address that tries many names is limited", async () => {
  const codes = await Promise.all(Array.from({ length: 70 }, (_, i) => codeOf(signIn(`name-${i}`, "x"))));
  expect(codes.filter((code) => code === "TOO_MANY_ATTEMPTS")).toHaveLength(10);
});

test("right passwords are not counted", async () => {
  for (let i = 0; i < 15; i += 1) expect(await codeOf(signIn("operator", fixturePassword))).toBe("signed in");
});

test("records who came, who left and who failed, without what an unknown name was", async () => {
  const { sessionId } = await signIn("operator", fixturePassword);
  await console.runtime.auth.signOut(sessionId);
  await console.runtime.auth.signOut(sessionId);
  await codeOf(signIn("operator", "wrong"));
  await codeOf(signIn("my password by mistake", "x"));
  for (let i = 0; i < 12; i += 1) await codeOf(signIn("admin", `guess ${i}`, "192.0.2.9"));
  const records = await recorded();
  expect(records.slice(0, 4)).toEqual([
    { who: "operator", what: "auth.sign-in", target: null, outcome: '{"ip":"192.0.2.1"}' },
    { who: "operator", what: "auth.sign-out", target: null, outcome: null },
    {
      who: null,
      what: "auth.sign-in-refused",
      target: "operator",
      outcome: '{"code":"INVALID_TOKEN","ip":"192.0.2.1"}',
    },
    {
      who: null,
      what: "auth.sign-in-refused",
      target: null,
      outcome: '{"code":"INVALID_TOKEN","ip":"192.0.2.1"}',
    },
  ]);
  // Ten guesses and one record of the limit, none of what came beyond it.
  expect(records.slice(4).map((r) => JSON.parse(r.outcome ?? "").code)).toEqual([
    ...Array.from({ length: 10 }, () => "INVALID_TOKEN"),
    "TOO_MANY_ATTEMPTS",
  ]);
  expect(JSON.stringify(records) + console.lines.join("\n")).not.toContain("my password");
  expect(JSON.stringify(records) + console.lines.join("\n")).not.toContain(fixturePassword);
});

test("the cookie's name tells ports apart, and needs https where the public address has it", () => {
  const { cookieName, secureCookies } = console.runtime.auth;
  expect(cookieName).toContain(new URL(fixtureOrigin).port);
  expect(secureCookies).toBe(false);
});
