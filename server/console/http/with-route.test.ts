import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Route } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { type ConsoleFixture, fixtureOrigin, openConsoleFixture } from "./console-fixture";
import { withRoute } from "./with-route";

let console: ConsoleFixture;
let cookie: string;
beforeAll(async () => {
  console = await openConsoleFixture();
  ({ cookie } = await console.cookieOf("operator"));
});
afterAll(() => console.close());

const write = {
  method: "POST",
  path: "/api/things/{thingId}",
  role: "operator",
  params: z.object({ thingId: z.string().max(5) }),
  query: z.strictObject({ limit: z.coerce.number().int().max(10).default(3) }),
  body: z.strictObject({ name: z.string().max(70_000), size: z.number() }),
  output: z.object({ seen: z.unknown() }),
  about: "For the tests.",
} as const satisfies Route;

const echo = withRoute(write, ({ caller, params, query, body }) => ({
  seen: { by: caller.name, params, query, body },
}));
const call = async (request: Request, thingId = "t-1") => {
  const response = await echo(request, { params: Promise.resolve({ thingId }) });
  return { status: response.status, headers: response.headers, content: await response.json() };
};
const right = { name: "a", size: 1 };
const post = (options: { headers?: object; body?: unknown; path?: string; cookie?: string } = {}) =>
  console.request("POST", options.path ?? "/api/things/t-1", { cookie, body: right, ...options });

test("hands the handler what it parsed and who asks", async () => {
  const { status, content, headers } = await call(post());
  expect(status).toBe(200);
  expect(content).toEqual({
    seen: { by: "operator", params: { thingId: "t-1" }, query: { limit: 3 }, body: right },
  });
  expect(headers.get("cache-control")).toBe("no-store");
});

const text = { "content-type": "text/plain" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const tooLarge = JSON.stringify({ name: "x".repeat(65_536), size: 1 });
test.each<[string, () => Request, number, string]>([
  ["no session", () => post({ cookie: "theme=dark" }), 401, "UNAUTHENTICATED"],
  ["a forged session", () => post({ cookie: "wirewatch.session.4000=a.b.c" }), 401, "UNAUTHENTICATED"],
  ["a body of another type", () => post({ headers: text }), 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["a form", () => post({ headers: form, body: "name=a" }), 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["no body", () => post({ body: undefined }), 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["an empty body", () => post({ body: "" }), 400, "BROKEN_JSON"],
  ["half a body", () => post({ body: '{"name":' }), 400, "BROKEN_JSON"],
  ["NaN", () => post({ body: '{"name":"a","size":NaN}' }), 400, "BROKEN_JSON"],
  ["a body that is too large", () => post({ body: tooLarge }), 413, "BODY_TOO_LARGE"],
  [
    "a body that lies about its size",
    () => post({ headers: { "content-length": "9e9" } }),
    413,
    "BODY_TOO_LARGE",
  ],
  ["a wrong type", () => post({ body: { name: "a", size: "1" } }), 400, "INVALID_BODY"],
  ["a missing field", () => post({ body: { name: "a" } }), 400, "INVALID_BODY"],
  ["a field too many", () => post({ body: { ...right, admin: true } }), 400, "INVALID_BODY"],
  ["no object", () => post({ body: "[]" }), 400, "INVALID_BODY"],
  ["null", () => post({ body: "null" }), 400, "INVALID_BODY"],
  ["a wrong query", () => post({ path: "/api/things/t-1?limit=ten" }), 400, "INVALID_QUERY"],
  ["an unknown query", () => post({ path: "/api/things/t-1?limits=1" }), 400, "INVALID_QUERY"],
  ["a query given twice", () => post({ path: "/api/things/t-1?limit=1&limit=2" }), 400, "INVALID_QUERY"],
  ["another site", () => post({ headers: { origin: "https://evil.example" } }), 403, "CROSS_ORIGIN"],
  ["an opaque origin", () => post({ headers: { origin: "null" } }), 403, "CROSS_ORIGIN"],
  ["another port", () => post({ headers: { origin: "http://localhost:4001" } }), 403, "CROSS_ORIGIN"],
  ["no origin", () => post({ headers: { origin: "" } }), 403, "CROSS_ORIGIN"],
  ["a sibling site", () => post({ headers: { "sec-fetch-site": "same-site" } }), 403, "CROSS_ORIGIN"],
])("refuses %s", async (_what, request, status, code) => {
  const answer = await call(request());
  expect({ status: answer.status, code: answer.content.error?.code }).toEqual({ status, code });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.content.error.message).toEqual(expect.any(String));
  expect(answer.content.error.details).toEqual(expect.any(Object));
});

test("refuses parameters that break the contract", async () => {
  const { status, content } = await call(post(), "too-long");
  expect([status, content.error.code]).toEqual([400, "BAD_REQUEST"]);
});

test("stops reading a body without a stated length at the cap", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 16_384;
      controller.enqueue(new Uint8Array(16_384));
    },
  });
  const request = new Request(`${fixtureOrigin}/api/things/t-1`, {
    method: "POST",
    headers: { cookie, origin: fixtureOrigin, host: "localhost:4000", "content-type": "application/json" },
    body: endless,
    duplex: "half",
  } as RequestInit);
  expect((await call(request)).status).toBe(413);
  expect(sent).toBeLessThan(1_000_000);
});

test("says which field is wrong", async () => {
  const { content } = await call(post({ body: { name: "a", size: "1" } }));
  expect(content.error.details.issues).toEqual([
    { path: "size", message: expect.stringContaining("number") },
  ]);
});

test.each([
  ["the same origin", { origin: fixtureOrigin }],
  ["the public address behind another name", { origin: fixtureOrigin, host: "10.0.0.1:4000" }],
  ["the host that was asked", { origin: "http://127.0.0.1:4000", host: "127.0.0.1:4000" }],
  ["fetch metadata without an origin", { origin: "", "sec-fetch-site": "same-origin" }],
])("takes a change from %s", async (_what, headers) => {
  expect((await call(post({ headers }))).status).toBe(200);
});

test("records a change that was refused by role or origin, and none that nobody signed in tried", async () => {
  const viewer = await console.cookieOf("viewer");
  const before = await console.store.selectFrom("audit_records").selectAll().execute();
  await call(post({ cookie: viewer.cookie, path: "/api/things/t-1?secret=1" }));
  await call(post({ headers: { origin: "https://evil.example" } }));
  await call(post({ cookie: "theme=dark" }));
  const records = await console.store.selectFrom("audit_records").selectAll().execute();
  expect(records.slice(before.length)).toMatchObject([
    {
      who: "viewer",
      what: "request.refused",
      target: "POST /api/things/t-1",
      outcome: '{"code":"FORBIDDEN"}',
    },
    { who: "operator", what: "request.refused", outcome: '{"code":"CROSS_ORIGIN"}' },
  ]);
});

const read = {
  method: "GET",
  path: "/api/things",
  role: "viewer",
  output: z.object({ n: z.number() }),
  about: "",
} as const;
const noParams = { params: Promise.resolve({}) };
const get = () => console.request("GET", "/api/things", { cookie });

test("hands on an error with a code, also of another bundle's class", async () => {
  const coded = withRoute(read, () => {
    throw new CodedError("TOO_MANY_REQUESTS", "slow down", { retryAfterSeconds: 7 });
  });
  const response = await coded(get(), noParams);
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("7");
  const foreign = withRoute(read, () => {
    throw Object.assign(new Error("no such"), {
      code: "UNKNOWN_SERVER",
      details: { serverId: "x" },
      status: 404,
    });
  });
  expect((await foreign(get(), noParams)).status).toBe(404);
});

test("logs an unknown error with its cause and answers INTERNAL without it", async () => {
  const broken = withRoute(read, () => {
    throw new Error("password is hunter2");
  });
  const response = await broken(get(), noParams);
  const shown = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(shown).error.code).toBe("INTERNAL");
  expect(shown).not.toContain("hunter2");
  expect(console.lines.at(-1)).toContain("hunter2");
});

test("does not send an answer that breaks the contract", async () => {
  const wrong = withRoute(read, () => ({ n: "1" }) as never);
  expect((await wrong(get(), noParams)).status).toBe(500);
});
