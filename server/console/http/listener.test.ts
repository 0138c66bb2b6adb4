import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createLogger } from "../../process/logger";
import { allowedHosts } from "./allowed-hosts";
import { closerOf, listen } from "./listen";
import { createListener, type ListenerOptions } from "./listener";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A console whose pages answer with the headers that reach them. */
async function open(options: Partial<ListenerOptions> = {}): Promise<number> {
  const server = createServer();
  closers.push(closerOf(server));
  const port = await listen(server, "127.0.0.1", 0);
  const address = { host: "127.0.0.1", port, publicUrl: "http://ops.example" };
  server.on(
    "request",
    createListener({
      handle: async (request, response) => {
        response.end(JSON.stringify(request.headers));
      },
      allowedHosts: allowedHosts(address),
      https: false,
      behindProxy: false,
      dev: false,
      logger: createLogger(() => undefined),
      ...options,
    }),
  );
  return port;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  content: Record<string, string> & { error?: { code: string } };
}
const ask = (port: number, path: string, headers: Record<string, string> = {}, method = "GET") =>
  new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest({ port, host: "127.0.0.1", path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          content: text ? JSON.parse(text) : {},
        }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });

test("gives each request a nonce of its own, in the policy that page and browser see", async () => {
  const port = await open();
  const [one, two] = [await ask(port, "/"), await ask(port, "/")];
  const nonce = one.content["x-nonce"] ?? "";
  expect(Buffer.from(nonce, "base64").length).toBe(16);
  expect(one.headers["content-security-policy"]).toContain(`'nonce-${nonce}' 'strict-dynamic';`);
  expect(one.content["content-security-policy"]).toBe(one.headers["content-security-policy"]);
  expect(one.headers["content-security-policy"]).toContain(`connect-src 'self' ws://127.0.0.1:${port} wss:`);
  expect(one.headers["content-security-policy"]).not.toContain("unsafe-eval");
  expect(two.content["x-nonce"]).not.toBe(nonce);
});

test("what a client says in the console's own headers never reaches a page", async () => {
  const port = await open();
  const forged = {
    "x-nonce": "mine",
    "content-security-policy": "script-src *",
    "x-wirewatch-path": "//evil.example",
    "x-wirewatch-peer": "203.0.113.1",
    "x-forwarded-for": "203.0.113.2",
  };
  const { content } = await ask(port, "/servers/a?tab=1&_rsc=abc", forged);
  expect(content["x-nonce"]).not.toBe("mine");
  expect(content["content-security-policy"]).toContain("default-src 'self'");
  expect(content["x-wirewatch-path"]).toBe("/servers/a?tab=1");
  expect(content["x-wirewatch-peer"]).toBe("127.0.0.1");
});

test("believes a proxy on this machine in the entry that it added", async () => {
  const port = await open({ behindProxy: true });
  const { content } = await ask(port, "/", { "x-forwarded-for": "203.0.113.9, ::ffff:198.51.100.7" });
  expect(content["x-wirewatch-peer"]).toBe("198.51.100.7");
});

test.each([
  ["evil.example", 403, "FOREIGN_HOST"],
  ["localhost:1", 403, "FOREIGN_HOST"],
  ["127.0.0.1.evil.example", 403, "FOREIGN_HOST"],
  ["a;script-src *", 400, "BAD_REQUEST"],
  ["user@localhost", 400, "BAD_REQUEST"],
])("refuses the host %s", async (host, status, code) => {
  const answer = await ask(await open(), "/", { host });
  expect([answer.status, answer.content.error?.code]).toEqual([status, code]);
});

test("answers to its own names and to the public one", async () => {
  const port = await open();
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "OPS.example"]) {
    expect((await ask(port, "/", { host })).status).toBe(200);
  }
});

test("takes any host where it listens to the network", async () => {
  expect(allowedHosts({ host: "0.0.0.0", port: 3000, publicUrl: "http://localhost:3000" })).toBeNull();
  expect((await ask(await open({ allowedHosts: null }), "/", { host: "10.1.2.3" })).status).toBe(200);
});

test("refuses what the contract does not have in the envelope", async () => {
  const port = await open();
  const unknown = await ask(port, "/api/nothing");
  expect([unknown.status, unknown.content.error?.code]).toEqual([404, "NOT_FOUND"]);
  const method = await ask(port, "/api/incidents", {}, "DELETE");
  expect([method.status, method.content.error?.code]).toEqual([405, "METHOD_NOT_ALLOWED"]);
  expect(method.headers.allow).toBe("GET, POST, HEAD");
  expect(method.headers["cache-control"]).toBe("no-store");
});

test.each([
  ["/api/incidents", { "content-length": "65537" }, 413, "BODY_TOO_LARGE"],
  ["/api/auth/callback/credentials", { "transfer-encoding": "chunked" }, 400, "BAD_REQUEST"],
  ["/api/auth/callback/credentials", { "content-type": "application/json" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
])("refuses at %s a body that nobody would check: %o", async (path, headers, status, code) => {
  const answer = await ask(await open(), path, headers, "POST");
  expect([answer.status, answer.content.error?.code]).toEqual([status, code]);
});

test.each(["*", "http://evil.example/api/fleet"])("refuses the request target %s", async (target) => {
  const answer = await ask(await open(), target);
  expect([answer.status, answer.content.error?.code]).toEqual([400, "BAD_REQUEST"]);
});

test("tells no one the address of a public link", async () => {
  const port = await open();
  expect((await ask(port, "/i/token")).headers["referrer-policy"]).toBe("no-referrer");
  const page = await ask(port, "/");
  expect(page.headers).toMatchObject({
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
  });
  expect(page.headers["strict-transport-security"]).toBeUndefined();
});

test("a page that fails is logged and answered in the envelope", async () => {
  const lines: string[] = [];
  const port = await open({
    handle: () => Promise.reject(new Error("broken page")),
    logger: createLogger((line) => lines.push(line)),
  });
  const answer = await ask(port, "/");
  expect([answer.status, answer.content.error?.code]).toEqual([500, "INTERNAL"]);
  expect(lines[0]).toContain("broken page");
});

test("a taken port is told in one line", async () => {
  const port = await open();
  await expect(listen(createServer(), "127.0.0.1", port)).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program: set PORT to another one`,
  );
});
