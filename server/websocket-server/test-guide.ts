import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Stats } from "../../lib/contract/service-api";
import { until } from "../testing/until";
import { WebsocketClient } from "../websocket-client/client";
import type { Launcher, LaunchOptions } from "./test-launched-service";

/** What a terminal shows. */
export interface Shown {
  code: number | null;
  out: string;
  err: string;
  /** `out` by lines, without empty ones. */
  lines: string[];
  json<T = unknown>(): T;
}

/** One service, in a folder laid out as the guide assumes, and what was done to it. */
export interface Situation {
  readonly folder: string;
  readonly pid: number;
  readonly websocketPort: number;
  readonly adminPort: number;
  stats(): Promise<Stats>;
  get<T>(path: string): Promise<T>;
  client(localAddress?: string): Promise<WebsocketClient>;
  logText(): string;
  /** Runs a command of the guide in a shell; ports and process filled in, nothing else. */
  run(command: string): Promise<Shown>;
  /** Stops the service as `systemctl stop` does. */
  end(): Promise<unknown>;
  /** Starts a command that never ends, and stops it once it shows `expected`; `stir` is done until it does. */
  follow(command: string, expected: RegExp, stir: () => Promise<unknown>): Promise<void>;
}

export interface SituationOptions extends Omit<LaunchOptions, "folder"> {
  env?: Record<string, string>;
  /** config/websocket_config.yaml. */
  config?: string;
}

const shellEnv: NodeJS.ProcessEnv = {
  NODE_ENV: "test",
  PATH: process.env.PATH ?? "",
  LANG: "C.UTF-8",
  TERM: "xterm",
  COLUMNS: "500",
};

export async function startSituation(
  launcher: Launcher,
  { env = {}, config, ...options }: SituationOptions = {},
): Promise<Situation> {
  const folder = mkdtempSync(join(launcher.folder, "app-"));
  if (config !== undefined) {
    const file = join(folder, "config/websocket_config.yaml");
    mkdirSync(dirname(file));
    writeFileSync(file, config);
  }
  const { child, ready, ended } = await launcher.launchReady(env, { ...options, folder });
  const { pid = 0 } = child;
  const logFile = join(folder, "logs/websocket-server.log");
  const { websocketPort, adminPort } = ready;
  const fill = (command: string) =>
    command
      .replaceAll("8080", String(adminPort))
      .replaceAll("8765", String(websocketPort))
      .replaceAll("/app/logs", "logs")
      // Other services may run on this machine: this one must be among those that are found.
      .replaceAll("pgrep -f '^websocket-server'", `pgrep -f '^websocket-server' | grep -x ${pid}`);
  const get = async <T>(path: string) =>
    (await (await fetch(`http://127.0.0.1:${adminPort}${path}`)).json()) as T;
  return {
    folder,
    pid,
    websocketPort,
    adminPort,
    get,
    stats: () => get<Stats>("/stats"),
    async client(localAddress) {
      const url = `ws://127.0.0.1:${websocketPort}/`;
      const client = new WebsocketClient({ url, reconnect: false, socket: { localAddress } });
      await client.connect();
      return client;
    },
    end() {
      child.kill("SIGTERM");
      return ended;
    },
    logText: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    run: (command) => runInShell(fill(command), folder),
    async follow(command, expected, stir) {
      // Line by line, as programs write to a terminal.
      const shell = spawn("stdbuf", ["-oL", "bash", "-c", fill(command)], {
        cwd: folder,
        env: shellEnv,
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let out = "";
      shell.stdout.on("data", (chunk) => {
        out += chunk;
      });
      try {
        await until(
          `${command} shows ${expected}`,
          async () => {
            await stir();
            return expected.test(out);
            // Some lines come every ten seconds.
          },
          30_000,
        );
      } finally {
        if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
      }
    },
  };
}

function runInShell(command: string, cwd: string): Promise<Shown> {
  return new Promise((resolve) => {
    const options = { cwd, env: shellEnv, timeout: 15_000, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile("bash", ["-c", command], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      const lines = out.split("\n").filter((line) => line !== "");
      resolve({ code, out, err, lines, json: <T>() => JSON.parse(out) as T });
    });
    child.stdin?.end();
  });
}
