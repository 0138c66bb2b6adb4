import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { lastingPort } from "./lasting-port";
import { ServerProcess } from "./server-process";
import { findPostgres, missingServer } from "./servers.mjs";

const password = "test password";

export interface PostgresServer {
  readonly port: number;
  /** With user and password. */
  readonly url: string;
  readonly password: string;
  readonly pid: number;
  /** Stops the server and what serves its connections, or lets them go on. */
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Starts it again on its port, after `kill` or on top of a running one; what it held is kept. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** A real PostgreSQL with a cluster of its own on a free loopback port. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === null) throw new Error(String(missingServer("postgres")));
  const folder = mkdtempSync(join(tmpdir(), "postgres-server-"));
  const owner = ownerOfServer();
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const port = await lastingPort();
  const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  const server = new ServerProcess({
    command: join(bin, "postgres"),
    args: ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", "", "-F"],
    options: { ...owner, cwd: folder },
    isUp: () => answers(url),
  });
  try {
    writeFileSync(passwordFile, password, { mode: 0o644 });
    const args = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"];
    execFileSync(join(bin, "initdb"), [...args, `--pwfile=${passwordFile}`, "--no-sync"], {
      ...owner,
      cwd: folder,
      stdio: "pipe",
    });
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    url,
    password,
    get pid() {
      return server.pid;
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    kill: () => server.kill(),
    async restart() {
      await server.kill();
      await server.start();
    },
    async end() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: the user that its package makes runs it then. */
function ownerOfServer(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((each) => each.startsWith("postgres:"));
  if (line === undefined) throw new Error("PostgreSQL does not run as root, and there is no user postgres");
  const [, , uid, gid] = line.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
