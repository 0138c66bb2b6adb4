import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import type { Role } from "../../../lib/contract/console-api";
import { createLogger } from "../../process/logger";
import { type Audit, createAudit } from "../audit/audit";
import { createAuth } from "../auth/create-auth";
import { createRefusals } from "../auth/refusals";
import { createUsers, type Users } from "../auth/users";
import { type Runtime, setRuntime } from "../runtime";
import type { Store } from "../storage/database";
import { openStore } from "../storage/open-store";

export const fixturePassword = "correct horse battery";
export const fixtureOrigin = "http://localhost:4000";

export interface ConsoleFixture {
  store: Store;
  audit: Audit;
  users: Users;
  runtime: Runtime;
  /** What was logged. */
  lines: string[];
  clock: { nowMs: number };
  /** A Cookie header of a session that begins now. */
  cookieOf(name: string): Promise<{ cookie: string; sessionId: string }>;
  /** A request of the console's own pages, signed in by `cookie`. */
  request(
    method: string,
    path: string,
    options?: { cookie?: string; headers?: object; body?: unknown },
  ): Request;
  close(): Promise<void>;
}

/**
 * For tests: a real store with a viewer, an operator and an admin called by their roles, real sign-in, and
 * a runtime whose other parts are given.
 */
export async function openConsoleFixture(parts: Partial<Runtime> = {}): Promise<ConsoleFixture> {
  const folder = mkdtempSync(join(tmpdir(), "wirewatch-console-"));
  const store = await openStore(folder);
  const clock = { nowMs: 1_800_000_000_000 };
  const now = () => clock.nowMs;
  const lines: string[] = [];
  const logger = createLogger((line) => lines.push(line));
  const audit = createAudit(store, now);
  const users = createUsers(store, now);
  for (const role of ["viewer", "operator", "admin"] satisfies Role[]) {
    await users.add(role, fixturePassword, role);
  }
  const secret = "a secret of the tests, long enough";
  const auth = createAuth({ store, audit, logger, secret, port: 4000, publicUrl: fixtureOrigin, nowMs: now });
  const runtime = {
    version: "0.0.0",
    startedAtMs: clock.nowMs,
    publicUrl: fixtureOrigin,
    fleetName: "Fleet",
    environment: "test",
    logger,
    auth,
    refusals: createRefusals(audit),
    stopping: () => false,
    ...parts,
  } as Runtime;
  setRuntime(runtime);

  return {
    store,
    audit,
    users,
    runtime,
    lines,
    clock,
    async cookieOf(name) {
      const caller = await auth.signIn(
        { name, password: fixturePassword },
        { ip: "192.0.2.1", userAgent: "test" },
      );
      const token = await encode({ token: { sessionId: caller.sessionId }, secret });
      return { cookie: `theme=dark; ${auth.cookieName}=${token}`, sessionId: caller.sessionId };
    },
    request(method, path, options = {}) {
      const { cookie, headers, body } = options;
      return new Request(`${fixtureOrigin}${path}`, {
        method,
        headers: {
          host: new URL(fixtureOrigin).host,
          ...(cookie ? { cookie } : {}),
          ...(method === "GET" ? {} : { origin: fixtureOrigin }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      });
    },
    async close() {
      await store.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}
