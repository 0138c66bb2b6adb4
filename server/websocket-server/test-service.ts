import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until as untilNamed } from "../testing/until";
import { WebsocketClient, type WebsocketClientOptions } from "../websocket-client/client";
import type { Environment } from "./config/environment";
import { type RunningService, startWebsocketServer } from "./start";

export interface TestService extends RunningService {
  /** A folder of its own for the log and whatever else the test writes; gone after `end`. */
  readonly folder: string;
  /** Its configuration file, to be rewritten before a reload. */
  readonly configFile: string;
  readonly adminUrl: string;
  /** What stands in its log file so far. */
  logText(): string;
  readonly websocketUrl: string;
  /** A connected client without reconnect. */
  client(options?: Partial<WebsocketClientOptions>): Promise<WebsocketClient>;
  /** Closes the clients, stops the service and removes its folder. */
  end(): Promise<void>;
}

/** A quiet service on free ports; `config` is its file. No simulated sources unless `env` says otherwise. */
export async function startTestService(env: Environment = {}, config = ""): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), "websocket-server-"));
  const configFile = join(folder, "config.yaml");
  writeFileSync(configFile, config);
  const service = await startWebsocketServer({
    env: {
      WEBSOCKET_PORT: "0",
      WEBSOCKET_ADMIN_PORT: "0",
      WEBSOCKET_LOGGING_STDOUT: "false",
      WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
      WEBSOCKET_SHUTDOWN_TIMEOUT: "2",
      LOG_FILE: join(folder, "websocket-server.log"),
      WEBSOCKET_DATA_DIR: folder,
      WEBSOCKET_CONFIG: configFile,
      ...env,
    },
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const clients: WebsocketClient[] = [];
  const logFile = join(folder, "websocket-server.log");
  const websocketUrl = `${service.tls ? "wss" : "ws"}://127.0.0.1:${service.websocketPort}/`;
  return {
    ...service,
    folder,
    configFile,
    websocketUrl,
    logText: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    adminUrl: `${service.tls ? "https" : "http"}://127.0.0.1:${service.adminPort}`,
    async client(options = {}) {
      const client = new WebsocketClient({ url: websocketUrl, reconnect: false, ...options });
      clients.push(client);
      await client.connect();
      return client;
    },
    async end() {
      for (const client of clients) client.socket?.terminate();
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the tests' own `until`, with the source of `check` for a name. */
export function until<T>(check: () => T | Promise<T>, timeoutMs?: number) {
  return untilNamed(check.toString(), check, timeoutMs);
}
