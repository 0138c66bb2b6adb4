import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastingPort } from "./lasting-port";
import { ServerProcess } from "./server-process";
import { findRedis, missingServer } from "./servers.mjs";

export interface RedisServer {
  readonly port: number;
  /** With the password, when there is one. */
  readonly url: string;
  readonly pid: number;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Starts it again on its port, after `kill` or on top of a running one. What it held is gone unless `keepData`. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/**
 * A real Redis (or Valkey) on a free loopback port. `keepData` has it write every command to disk before it
 * answers, so that a restart finds everything again.
 */
export async function startRedis(
  options: { password?: string; keepData?: boolean } = {},
): Promise<RedisServer> {
  const { password, keepData = false } = options;
  const command = findRedis();
  if (command === null) throw new Error(String(missingServer("redis")));
  const folder = mkdtempSync(join(tmpdir(), "redis-server-"));
  const port = await lastingPort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  args.push("--appendonly", keepData ? "yes" : "no", "--appendfsync", "always");
  if (password !== undefined) args.push("--requirepass", password);
  const server = new ServerProcess({ command, args, isUp: () => answers(port) });
  try {
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    url: `redis://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`,
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

/** Whether it answers a ping; asked for a password it says so, and is up too. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once("data", (data) => {
      resolve(/^(\+PONG|-NOAUTH)/.test(String(data)));
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
