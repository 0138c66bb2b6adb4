import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Route, serviceRoutes } from "../../../lib/contract/routes";
import { errorBodySchema } from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true" });
  const client = await service.client();
  await client.subscribe("ticker.BTC-USD");
});
afterAll(() => service.end());

interface Exchange {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  port?: number;
}

/** fetch sets Host and hides headers, so this speaks HTTP itself. */
function exchange({ method = "GET", path, headers = {}, body, port = service.adminPort }: Exchange) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      // A connection of its own: one that is kept may be ended by the service just as the next request leaves.
      const options = { host: "127.0.0.1", port, method, path, headers, agent: false };
      const outgoing = request(options, async (response) => {
        let text = "";
        for await (const chunk of response) {
          text += chunk;
          if (response.headers["content-type"] === "text/event-stream") break;
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    },
  );
}

describe("every route of the contract", () => {
  const routes = Object.entries<Route>(serviceRoutes);
  /** They need something to be there first, hold the process up or don't end: in tests of their own. */
  const elsewhere = new Set([
    "connection",
    "closeConnection",
    "writeHeapSnapshot",
    "heapSnapshot",
    "removeHeapSnapshot",
    "logStream",
  ]);
  const bodies: Record<string, () => string | Promise<string>> = {
    reloadConfig: () => '{"dry_run":true}',
    setConfigOverride: () => '{"value":10000,"ttl_seconds":60,"reason":"test"}',
    setLogLevel: () => '{"level":"info"}',
    rollBackConfig: async () => {
      const history = await exchange({ path: "/admin/config-history" });
      return JSON.stringify({ id: JSON.parse(history.text).versions[0].id, dry_run: true });
    },
  };

  test.each(routes.filter(([name]) => !elsewhere.has(name)))(
    "%s answers what its schema says",
    async (name, route) => {
      let path = route.path.replace("{name}", "prices");
      if (path.includes("{id}")) {
        const job = await exchange({
          method: "POST",
          path: "/admin/cleanup-connections",
          body: '{"dry_run":true}',
        });
        path = path.replace("{id}", JSON.parse(job.text).id);
      }
      path = path.replace("{key}", "connections.max");
      const body = await bodies[name]?.();
      const { status, text } = await exchange({ method: route.method, path, body });
      expect(status).toBe(200);
      if (route.output instanceof z.ZodType) {
        const value: unknown = JSON.parse(text);
        // Parsed and unchanged: nothing that the contract doesn't know is served.
        expect(route.output.parse(value)).toEqual(value);
      } else {
        expect(text).toContain("# TYPE ");
      }
    },
  );

  test.each(routes.filter(([, route]) => route.method === "GET" && !route.path.includes("{")))(
    "%s takes HEAD and no other method that isn't in the contract",
    async (_name, { path }) => {
      const head = await exchange({ method: "HEAD", path });
      expect(head).toMatchObject({ status: 200, text: "" });
      const allowed = routes.filter(([, each]) => each.path === path).map(([, each]) => each.method);
      for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"].filter(
        (each) => !allowed.includes(each as "PUT"),
      )) {
        const { status, headers, text } = await exchange({ method, path });
        expect(status).toBe(405);
        expect(headers.allow).toBe("GET, HEAD");
        expect(errorBodySchema.parse(JSON.parse(text)).error.code).toBe("METHOD_NOT_ALLOWED");
      }
    },
  );
});

describe("bad input", () => {
  const cleanup = "/admin/cleanup-connections";
  test.each<[string, Exchange, number, string]>([
    ["an unknown route", { path: "/nope" }, 404, "NOT_FOUND"],
    ["an unknown route below a known one", { path: "/admin/connections/c-1/x" }, 404, "NOT_FOUND"],
    ["a path that climbs", { path: "/../../etc/passwd" }, 404, "NOT_FOUND"],
    ["a wrong method", { method: "POST", path: "/health" }, 405, "METHOD_NOT_ALLOWED"],
    ["broken JSON", { method: "POST", path: cleanup, body: "{" }, 400, "BROKEN_JSON"],
    ["no object", { method: "POST", path: cleanup, body: "[]" }, 400, "INVALID_BODY"],
    ["null", { method: "POST", path: cleanup, body: "null" }, 400, "INVALID_BODY"],
    ["a wrong type", { method: "POST", path: cleanup, body: '{"idle_seconds":"1"}' }, 400, "INVALID_BODY"],
    ["an unknown field", { method: "POST", path: cleanup, body: '{"idle":1}' }, 400, "INVALID_BODY"],
    ["a negative number", { method: "POST", path: cleanup, body: '{"max":-1}' }, 400, "INVALID_BODY"],
    ["a huge number", { method: "POST", path: cleanup, body: '{"idle_seconds":1e999}' }, 400, "INVALID_BODY"],
    ["a hostile key", { method: "POST", path: cleanup, body: '{"__proto__":{"a":1}}' }, 400, "INVALID_BODY"],
    ["a body too large", { method: "POST", path: cleanup, body: " ".repeat(65_537) }, 413, "BODY_TOO_LARGE"],
    [
      "a wrong body of a reload",
      { method: "POST", path: "/admin/reload-config", body: '{"dry_run":1}' },
      400,
      "INVALID_BODY",
    ],
    ["an unknown query", { path: "/admin/connections?idle=1" }, 400, "INVALID_QUERY"],
    ["a wrong query", { path: "/admin/connections?limit=x" }, 400, "INVALID_QUERY"],
    ["a wrong sort", { path: "/admin/connections?sort=__proto__" }, 400, "INVALID_QUERY"],
    ["a limit of none", { path: "/admin/connections?limit=0" }, 400, "INVALID_QUERY"],
    ["a wrong cursor", { path: "/admin/connections?cursor=-1" }, 400, "INVALID_CURSOR"],
    ["a wrong side", { path: "/admin/closed-connections?side=left" }, 400, "INVALID_QUERY"],
    ["an unknown job", { path: "/admin/jobs/none" }, 404, "UNKNOWN_JOB"],
    ["a broken escape", { path: "/admin/jobs/%E0%A4%A" }, 404, "UNKNOWN_JOB"],
    ["an overlong id", { path: `/admin/jobs/${"x".repeat(65)}` }, 400, "BAD_REQUEST"],
    ["an unknown job to stop", { method: "DELETE", path: "/admin/jobs/none" }, 404, "UNKNOWN_JOB"],
    ["a foreign host", { path: "/stats", headers: { host: "evil.example" } }, 403, "FOREIGN_HOST"],
    [
      "a foreign host on health",
      { path: "/health", headers: { host: "evil.example:8080" } },
      403,
      "FOREIGN_HOST",
    ],
    [
      "a host that looks near",
      { path: "/stats", headers: { host: "127.0.0.1.evil.example" } },
      403,
      "FOREIGN_HOST",
    ],
    ["a host that is none", { path: "/stats", headers: { host: "a b/../" } }, 400, "BAD_REQUEST"],
    ["an origin", { path: "/stats", headers: { origin: "http://localhost:8080" } }, 403, "CROSS_ORIGIN"],
    [
      "an opaque origin",
      { method: "POST", path: "/admin/gc", headers: { origin: "null" } },
      403,
      "CROSS_ORIGIN",
    ],
  ])("%s", async (_name, sent, status, code) => {
    const answer = await exchange(sent);
    expect(answer.status).toBe(status);
    expect(errorBodySchema.parse(JSON.parse(answer.text)).error.code).toBe(code);
  });

  test("a wrong field is named by its path", async () => {
    const { text } = await exchange({ method: "POST", path: cleanup, body: '{"ids":["a",5]}' });
    expect(JSON.parse(text).error).toMatchObject({ code: "INVALID_BODY", details: { path: "ids.1" } });
  });

  test("a body that comes in chunks without a length is limited too", async () => {
    const headers = { "transfer-encoding": "chunked" };
    const body = `{"ids":["${"x".repeat(70_000)}"]}`;
    expect((await exchange({ method: "POST", path: cleanup, headers, body })).status).toBe(413);
  });

  test.each(["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST"])(
    "%s is this machine",
    async (host) => {
      expect((await exchange({ path: "/health", headers: { host } })).status).toBe(200);
    },
  );
});

test("a web page is refused also where the admin port listens to the network without a token", async () => {
  const open = await startTestService({
    WEBSOCKET_ADMIN_HOST: "0.0.0.0",
    WEBSOCKET_ADMIN_ALLOW_WITHOUT_TOKEN: "true",
  });
  try {
    const headers = { origin: "http://evil.example", host: "10.1.2.3:8080", "content-type": "text/plain" };
    const sent = { method: "POST", path: "/admin/gc", port: open.adminPort };
    expect((await exchange({ ...sent, headers })).status).toBe(403);
    expect((await exchange({ ...sent, headers: { host: headers.host } })).status).toBe(200);
  } finally {
    await open.end();
  }
});

describe("a token", () => {
  let guarded: TestService;
  beforeAll(async () => {
    guarded = await startTestService({ WEBSOCKET_ADMIN_TOKEN: "s3cret" });
  });
  afterAll(() => guarded.end());

  test.each(Object.entries<Route>(serviceRoutes))(
    "%s asks for it unless it is public",
    async (_name, route) => {
      const path = route.path.replace("{id}", "x");
      const ask = (headers: Record<string, string>) =>
        exchange({ method: route.method, path, headers, port: guarded.adminPort });
      const without = await ask({});
      const wrong = await ask({ authorization: "Bearer s3cret2" });
      const right = await ask({ authorization: "Bearer s3cret" });
      if (route.role === "public") {
        expect([without.status, wrong.status, right.status]).toEqual([200, 200, 200]);
      } else {
        expect(without.status).toBe(401);
        expect(without.headers["www-authenticate"]).toBe("Bearer");
        expect(JSON.parse(without.text).error.code).toBe("UNAUTHENTICATED");
        expect(JSON.parse(wrong.text).error.code).toBe("INVALID_TOKEN");
        expect(right.status).not.toBe(401);
      }
    },
  );

  test("it appears in no answer and in no log", async () => {
    const headers = { authorization: "Bearer s3cret" };
    const paths = ["/config", "/stats", "/admin/effective-config", "/metrics"];
    const answers = await Promise.all(
      paths.map((path) => exchange({ path, headers, port: guarded.adminPort })),
    );
    for (const { text } of answers) expect(text).not.toContain("s3cret");
    await until(() => guarded.logText().includes("audit"));
    expect(guarded.logText()).not.toContain("s3cret");
  });
});

test("a change leaves an audit line with who claims to have asked, and can't forge another", async () => {
  const path = "/admin/gc";
  await exchange({ method: "POST", path, headers: { "x-requested-by": 'mallory" status=200 \\ \tx' } });
  const line = await until(() =>
    service
      .logText()
      .split("\n")
      .find((each) => each.includes("mallory")),
  );
  expect(line).toContain(
    'INFO  audit method=POST path=/admin/gc by="mallory\\" status=200 \\\\ \\u0009x" status=200',
  );
});

test("the log holds what the guide's greps look for", async () => {
  const log = service.logText;
  const client = await service.client();
  await client.close();
  await until(() => /closed/i.test(log()) && /publish|push/i.test(log()));
  for (const line of log().trimEnd().split("\n")) {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO |WARN |ERROR|CRITICAL) /);
  }
});

test("a reload over HTTP applies hot keys, and a broken file is answered 422 with its mistakes", async () => {
  const reload = (body?: string) => exchange({ method: "POST", path: "/admin/reload-config", body });
  writeFileSync(service.configFile, "connections:\n  max: 77\n");
  expect(JSON.parse((await reload('{"dry_run":true}')).text).changes).toHaveLength(1);
  expect(service.stats().connections.max_connections).toBe(10_000);
  expect(JSON.parse((await reload()).text).applied).toEqual(["connections.max"]);
  expect(service.stats().connections.max_connections).toBe(77);
  writeFileSync(service.configFile, "connections:\n  max: lots\n");
  const refused = await reload();
  expect(refused.status).toBe(422);
  expect(JSON.parse(refused.text)).toMatchObject({
    valid: false,
    mistakes: [{ line: 2, key: "connections.max" }],
  });
  expect(service.stats().connections.max_connections).toBe(77);
  expect(service.stats().config.last_reload_ok).toBe(false);
});
