import { type IncomingHttpHeaders, request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Route, serviceRoutes } from "../../../lib/contract/routes";
import { errorBodySchema } from "../../../lib/contract/service-api";
import { startTestService, type TestService } from "../test-service";

/** Whatever is asked, the answer has a status and, when it is a refusal, a code; and the service goes on. */

let service: TestService;
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeAll(async () => {
  process.on("unhandledRejection", note);
  service = await startTestService();
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await service.end();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function ask(
  method: string,
  path: string,
  body?: string | Buffer,
  type = "application/json",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: service.adminPort,
        method,
        path,
        headers:
          body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) },
      },
      async (response) => {
        // A stream has no end, and its beginning says enough.
        if (response.headers["content-type"]?.startsWith("text/event-stream")) response.destroy();
        let text = "";
        try {
          for await (const chunk of response) text += chunk;
        } catch {
          // cut off above
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function mustBeAnswer({ status, headers, text }: Answer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status === 500 ? text : "no internal error").toBe("no internal error");
  if (status >= 400 && status !== 422 && headers["content-type"]?.includes("json")) {
    const health = text.startsWith('{"status"');
    if (!health) expect(errorBodySchema.parse(JSON.parse(text)).error.code).toMatch(/^[A-Z_]+$/);
  }
}

/** They change what the other cases stand on, or hold the process up; their inputs are tested beside them. */
const leftOut = new Set(["drain", "writeHeapSnapshot"]);
const routes = Object.entries<Route>(serviceRoutes).filter(([name]) => !leftOut.has(name));

const strange = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    "-1",
    "1e9",
    "NaN",
    "0x10",
    "null",
    "__proto__",
    "constructor",
    "../..",
    "%00",
    "a".repeat(5_000),
  ),
  fc.integer().map(String),
);
const names = fc.oneof(
  fc.constantFrom(
    ..."q idle_gt ip topic state min_buffered sort order limit cursor side level since_ms until_ms code reason".split(
      " ",
    ),
    "__proto__",
    "toString",
  ),
  fc.string({ maxLength: 10 }),
);
const query = fc.array(fc.tuple(names, strange), { maxLength: 5 });
const encode = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "?"));

test.each(routes)("%s takes any query and any parameter", async (_name, route) => {
  await fc.assert(
    fc.asyncProperty(query, strange, async (pairs, parameter) => {
      const path = route.path.replace(/\{\w+\}/, encode(parameter) || "x");
      const search = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
      mustBeAnswer(await ask(route.method, `${path}?${search}`));
    }),
    { numRuns: 25 },
  );
});

const bodyNames = fc.constantFrom(
  ..."dry_run ids idle_seconds include_subscribed ip max rate_per_second topic kinds value ttl_seconds reason id level".split(
    " ",
  ),
  "__proto__",
  "constructor",
);
const body = fc.oneof(
  fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)),
  fc
    .dictionary(bodyNames, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 })
    .map((value) => Buffer.from(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom("[".repeat(10_000), `{"a":${"9".repeat(400)}}`, '{"dry_run":true', "x".repeat(70_000))
    .map((text) => Buffer.from(text)),
);
const types = fc.constantFrom(
  "application/json",
  "text/plain",
  "application/json; charset=utf-16",
  "multipart/form-data",
  "",
);

test.each(routes.filter(([, { method }]) => method !== "GET"))("%s takes any body", async (_name, route) => {
  await fc.assert(
    fc.asyncProperty(body, types, strange, async (content, type, parameter) => {
      const path = route.path.replace(/\{\w+\}/, encode(parameter) || "x");
      mustBeAnswer(await ask(route.method, path, content, type));
    }),
    { numRuns: 25 },
  );
});

test("paths that are none", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"),
      strange,
      async (method, text) => {
        mustBeAnswer(await ask(method, `/${encode(text)}`));
      },
    ),
    { numRuns: 50 },
  );
});

test("after all of that it is well, and nothing was left unhandled", async () => {
  expect((await ask("GET", "/stats")).status).toBe(200);
  expect(unhandled).toEqual([]);
});
