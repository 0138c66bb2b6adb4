import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "../../../lib/contract/console-api";
import { consoleRoutes, type Route } from "../../../lib/contract/routes";
import { type ConsoleFixture, openConsoleFixture } from "./console-fixture";
import { guardRoute } from "./route-guard";
import type { RouteHandler } from "./with-route";

/** Held by sign-in's own library, whose routes are not in the contract. */
const signInFile = "app/api/auth/[...nextauth]/route.ts";
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
const root = new URL("../../../", import.meta.url);

const entries = Object.entries<Route>(consoleRoutes);
const fileOf = (route: Route) => `app${route.path.replaceAll("{", "[").replaceAll("}", "]")}/route.ts`;
const files = readdirSync(new URL("app", root), { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)route\.\w+$/.test(file))
  .map((file) => `app/${file}`);
type RouteFile = Partial<Record<string, RouteHandler>>;
const importFile = (file: string): Promise<RouteFile> =>
  import(/* @vite-ignore */ new URL(file, root).pathname);

test.each(entries)("%s is served by the file of its path, under its entry", async (_name, route) => {
  const handler = (await importFile(fileOf(route)))[route.method];
  expect(handler?.route).toBe(route);
});

test("nothing is served that is not in the contract", async () => {
  expect(files).toContain(signInFile);
  const served = await Promise.all(
    files
      .filter((file) => file !== signInFile)
      .map(async (file) => {
        const exported = await importFile(file);
        return methods.filter((method) => method in exported).map((method) => `${method} ${file}`);
      }),
  );
  const expected = entries.map(([, route]) => `${route.method} ${fileOf(route)}`);
  expect(served.flat().sort()).toEqual(expected.sort());
});

test.each(entries)("%s passes the guard, another method and a longer path do not", (_name, route) => {
  const path = route.path.replaceAll(/\{\w+\}/g, "x-1");
  expect(guardRoute(route.method, path)).toBeNull();
  const wrong = guardRoute("PUT", path);
  expect(wrong?.error.code).toBe("METHOD_NOT_ALLOWED");
  expect(wrong?.allow?.split(", ")).toContain(route.method);
  expect(guardRoute(route.method, `${path}/x/y/z`)?.error.code).toBe("NOT_FOUND");
});

test.each([
  ["/api", "NOT_FOUND"],
  ["/api/", "NOT_FOUND"],
  ["/api/nothing", "NOT_FOUND"],
  ["/api/fleet/", "NOT_FOUND"],
  ["/api/servers/%E0%A4%A", "BAD_REQUEST"],
  ["/api/auth", "NOT_FOUND"],
  ["/api/auth/_log", "NOT_FOUND"],
  ["/api/auth/csrf/more", "NOT_FOUND"],
  ["/api/auth/callback/credentials", "METHOD_NOT_ALLOWED"],
  ["*", "BAD_REQUEST"],
])("%s is %s", (path, code) => {
  expect(guardRoute("GET", path)?.error.code).toBe(code);
});

test("pages, sign-in and the live endpoint are left alone", () => {
  for (const path of [
    "/",
    "/servers/a",
    "/_next/static/a.js",
    "/api/auth/csrf",
    "/api/socket",
    "/api/socket/",
  ]) {
    expect(guardRoute("GET", path)).toBeNull();
  }
  for (const path of ["/api/auth/callback/credentials", "/api/auth/signout", "/api/socket/"]) {
    expect(guardRoute("POST", path)).toBeNull();
  }
});

test.each(["/", "/servers/a", "/i/token", "/login"])("%s, a page, is only read", (path) => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]) {
    expect(guardRoute(method, path)).toMatchObject({
      error: { code: "METHOD_NOT_ALLOWED" },
      allow: "GET, HEAD",
    });
  }
});

test("every route has a row in the documents", () => {
  const document = readFileSync(new URL("docs/console-api.md", root), "utf8");
  for (const [, route] of entries) {
    expect(document).toContain(`| ${route.method} | \`${route.path}\` | ${route.role} | ${route.about} |`);
  }
  expect(document.match(/^\| (GET|POST|PUT|PATCH|DELETE) /gm)).toHaveLength(entries.length);
});

let console: ConsoleFixture;
const cookies: Record<string, string | undefined> = { nobody: undefined };
const reached = "the handler was reached";
beforeAll(async () => {
  const anything = new Proxy(
    {},
    {
      get: () => () => {
        throw Object.assign(new Error(reached), { code: "SHUTTING_DOWN", details: {}, status: 503 });
      },
    },
  );
  const parts = {
    fleet: anything,
    actions: anything,
    snapshots: anything,
    links: anything,
    incidents: anything,
  };
  console = await openConsoleFixture(parts as never);
  for (const role of ["viewer", "operator", "admin"]) cookies[role] = (await console.cookieOf(role)).cookie;
});
afterAll(() => console.close());

const rank: Record<string, number> = { nobody: -1, viewer: 0, operator: 1, admin: 2 };
const table = entries.flatMap(([name, route]) => Object.keys(rank).map((who) => [name, who, route] as const));
test.each(table)("%s as %s", async (_name, who, route) => {
  const handler = (await importFile(fileOf(route)))[route.method];
  const path = route.path.replaceAll(/\{\w+\}/g, "x-1");
  const request = console.request(route.method, path, {
    cookie: cookies[who],
    body: route.body ? {} : undefined,
  });
  if (!handler) throw new Error("it is not served");
  const response = await handler(request, { params: Promise.resolve({}) });
  const refusal = who === "nobody" ? "UNAUTHENTICATED" : "FORBIDDEN";
  const allowed = route.role === "public" || (rank[who] ?? -1) >= rankOf(route.role);
  const { error } = (await response.json()) as { error?: { code: string } };
  if (allowed) expect(["UNAUTHENTICATED", "FORBIDDEN", "INTERNAL"]).not.toContain(error?.code);
  else expect(error?.code).toBe(refusal);
});

function rankOf(role: Route["role"]): number {
  const needed = rank[role satisfies Role | "public" | "token"];
  if (needed === undefined) throw new Error(`no rank for ${role}`);
  return needed;
}
