import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stats, Threads } from "../../../lib/contract/service-api";
import { until } from "../../testing/until";
import { WebsocketClient, type WebsocketClientOptions } from "../../websocket-client/client";
import type { LaunchedReady, Launcher } from "../test-launched-service";

export interface LaunchedWorkers extends LaunchedReady {
  readonly url: string;
  client(options?: Partial<WebsocketClientOptions>): Promise<WebsocketClient>;
  /** `count` clients, connected at the same time. */
  clients(count: number): Promise<WebsocketClient[]>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  json<T>(path: string, init?: RequestInit): Promise<T>;
  stats(): Promise<Stats>;
  /** Process ids of the workers that run, by name. */
  workers(): Promise<Map<string, number>>;
  logText(): string;
}

/** A service in its own processes, without data sources; clients may publish to every topic. */
export async function launchWorkers(
  launcher: Launcher,
  env: Record<string, string> = {},
): Promise<LaunchedWorkers> {
  const launched = await launcher.launchReady({
    WEBSOCKET_WORKERS: "2",
    WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
    WEBSOCKET_PUBLISH_ALLOW: "*",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "100000",
    ...env,
  });
  const { websocketPort, adminPort } = launched.ready;
  const url = `ws://127.0.0.1:${websocketPort}/`;
  const logFile = join(launcher.folder, "logs/websocket-server.log");
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${adminPort}${path}`, init);
  const json = async <T>(path: string, init?: RequestInit) => (await (await get(path, init)).json()) as T;
  const client = async (options: Partial<WebsocketClientOptions> = {}) => {
    const made = new WebsocketClient({ url, reconnect: false, ...options });
    await made.connect();
    return made;
  };
  return {
    ...launched,
    url,
    client,
    clients: (count) => Promise.all(Array.from({ length: count }, () => client())),
    fetch: get,
    json,
    stats: () => json<Stats>("/stats"),
    async workers() {
      const { event_loops } = await json<Threads>("/admin/threads");
      return new Map(
        event_loops.filter(({ worker }) => worker !== "main").map(({ worker, pid }) => [worker, pid]),
      );
    },
    logText: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
  };
}

/** Whether a process is there; one that ended and was not waited for is not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

export function untilGone(pids: Iterable<number>): Promise<true> {
  const all = [...pids];
  return until("its processes are gone", () => all.every((pid) => !isAlive(pid)));
}
