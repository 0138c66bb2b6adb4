import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { serviceRoutes } from "../../../lib/contract/routes";
import { isCodedError } from "../../../lib/errors";
import { freePorts } from "../../process/ports.mjs";
import type { Mode } from "../../testing/behaviours";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { failureOfPoll } from "./failure-of-poll";
import { createMemberClient, type MemberClient } from "./member-client";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function fake(mode: Mode): Promise<FakeMember> {
  const member = await startFakeMember({ mode });
  closing.push(() => member.close());
  return member;
}

function client(adminUrl: string, token: string | null = null): MemberClient {
  const made = createMemberClient(
    { adminUrl, token },
    { timeoutMs: 300, connectTimeoutMs: 300, maxBytes: 1_000_000 },
  );
  closing.push(() => made.close());
  return made;
}

async function failing(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!isCodedError(error)) throw new Error(`no coded error, but ${String(error)}`);
  return { code: error.code, details: error.details, told: failureOfPoll(error) };
}

const failures: [Mode, string, Record<string, unknown>, string][] = [
  ["hang", "MEMBER_TIMEOUT", { limitMs: 300 }, "no_answer"],
  ["drip", "MEMBER_TIMEOUT", { limitMs: 300 }, "no_answer"],
  ["flood", "MEMBER_MISMATCH", { kind: "too_large", limitBytes: 1_000_000 }, "too_large"],
  ["huge", "MEMBER_MISMATCH", { kind: "too_large" }, "too_large"],
  ["html", "MEMBER_MISMATCH", { kind: "html", status: 200 }, "html"],
  ["half-json", "MEMBER_MISMATCH", { kind: "broken_json" }, "broken_json"],
  ["nan", "MEMBER_MISMATCH", { kind: "broken_json" }, "broken_json"],
  ["blank", "MEMBER_MISMATCH", { kind: "broken_json" }, "broken_json"],
  ["negative", "MEMBER_MISMATCH", { kind: "schema", path: "connections.active_connections" }, "schema"],
  ["wrong-types", "MEMBER_MISMATCH", { kind: "schema", path: "messages.out_total" }, "schema"],
  ["redirect", "MEMBER_MISMATCH", { kind: "status", status: 302 }, "status"],
  ["status-500", "MEMBER_MISMATCH", { kind: "status", status: 500 }, "status"],
  ["no-http", "MEMBER_MISMATCH", { kind: "not_http" }, "not_http"],
  ["gzip", "MEMBER_MISMATCH", { kind: "encoding", encoding: "gzip" }, "encoding"],
  ["status-401", "MEMBER_REFUSED", { status: 401, code: "INVALID_TOKEN" }, "token_refused"],
  ["coded-error", "MEMBER_REFUSED", { status: 409, code: "ACTION_RUNNING" }, "status"],
  ["reset", "MEMBER_UNREACHABLE", { reason: "reset" }, "reset"],
  ["cut-off", "MEMBER_UNREACHABLE", { reason: "reset" }, "reset"],
  ["empty", "MEMBER_UNREACHABLE", { reason: "empty" }, "empty"],
];

describe("a member that misbehaves", () => {
  it.each(failures)("%s is told as %s", async (mode, code, details, kind) => {
    const member = await fake(mode);
    const asking = client(member.adminUrl);
    const failure = await failing(asking.call(serviceRoutes.stats));
    expect(failure).toMatchObject({ code, details, told: { kind } });
    member.mode = "ok";
    expect((await asking.call(serviceRoutes.stats)).server.id).toBe("fake");
  });

  it("tells a refused connection and a name without an address apart", async () => {
    const [port] = await freePorts(1);
    expect(await failing(client(`http://127.0.0.1:${port}`).call(serviceRoutes.stats))).toMatchObject({
      code: "MEMBER_UNREACHABLE",
      details: { reason: "refused" },
    });
    expect(await failing(client("http://no-such-host.invalid").call(serviceRoutes.stats))).toMatchObject({
      code: "MEMBER_UNREACHABLE",
      details: { reason: "dns" },
    });
  });

  it("tells TLS that fails from an answer that is wrong", async () => {
    const member = await fake("ok");
    const failure = await failing(
      client(member.adminUrl.replace("http:", "https:")).call(serviceRoutes.stats),
    );
    expect(failure).toMatchObject({
      code: "MEMBER_MISMATCH",
      details: { kind: "tls" },
      told: { kind: "tls" },
    });
  });

  it("is hanging, not down, when the kernel accepts but nobody reads", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => silent.close(resolve)));
    const sockets = new Set<import("node:net").Socket>();
    silent.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
    });
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await failing(client(`http://127.0.0.1:${port}`).call(serviceRoutes.stats))).toMatchObject({
      code: "MEMBER_TIMEOUT",
    });
  });

  it("can't reach prototypes with its keys", async () => {
    const member = await fake("proto-keys");
    const stats = await client(member.adminUrl).call(serviceRoutes.stats);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(stats)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(stats.connections.closed_by_code)).toBe(Object.prototype);
    expect(Object.keys(stats.connections.closed_by_code)).not.toContain("__proto__");
  });
});

describe("what is sent to a member", () => {
  it("carries the token, who asked and no wish for compression", async () => {
    const member = await fake("ok");
    await client(member.adminUrl, "s3cret").call(serviceRoutes.stats, {}, { requestedBy: "梅琳\r\nx: y" });
    expect(member.asked[0]?.headers).toMatchObject({
      authorization: "Bearer s3cret",
      "accept-encoding": "identity",
      "x-requested-by": encodeURIComponent("梅琳\r\nx: y"),
    });
  });

  it("keeps a path below the registered URL and fills in parameters and queries", async () => {
    const member = await fake("ok");
    member.answers.set("/behind/a/proxy/admin/connections", () => ({
      body: [],
      headers: { "x-total-count": "0" },
    }));
    const asking = client(`${member.adminUrl}/behind/a/proxy/`);
    const { output, headers } = await asking.exchange(serviceRoutes.connections, {
      query: { q: "a b&c", limit: 5, sort: undefined },
    });
    expect(output).toEqual([]);
    expect(headers["x-total-count"]).toBe("0");
    expect(member.asked.at(-1)?.path).toBe("/behind/a/proxy/admin/connections?q=a+b%26c&limit=5");
    await failing(asking.call(serviceRoutes.job, { params: { id: "../../stats" } }));
    expect(member.asked.at(-1)?.path).toBe("/behind/a/proxy/admin/jobs/..%2F..%2Fstats");
  });

  it("goes nowhere but to http and https", () => {
    expect(() => createMemberClient({ adminUrl: "file:///etc/passwd", token: null })).toThrow(/not an http/);
  });
});
