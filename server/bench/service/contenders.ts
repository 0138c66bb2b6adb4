import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProjectRoot } from "../../console/project-root";
import type { DialectName } from "./load/dialect";
import { loadUwebsockets } from "./peers/uwebsockets";
import { type PinnedProcess, startPinned } from "./pinned-process";

export const contenderNames = ["wirewatch", "ws", "socket.io", "uWebSockets"] as const;
export type ContenderName = (typeof contenderNames)[number];

export const serverCore = 0;
export const loadCore = 1;

export interface Contender {
  name: ContenderName;
  dialect: DialectName;
  process: PinnedProcess;
  port: number;
  /** Where it answers over HTTP; only the data service does. */
  adminUrl: string | null;
  stop(): Promise<void>;
}

/** The file of a built program. */
export const bundle = (name: string) => join(findProjectRoot(), "dist", `${name}.mjs`);

/** Why a contender can't take part, null when it can. */
export function whyAbsent(name: ContenderName, uwsFolder: string): string | null {
  if (name !== "uWebSockets") return null;
  try {
    loadUwebsockets(uwsFolder);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export async function startContender(name: ContenderName, uwsFolder: string): Promise<Contender> {
  if (name === "wirewatch") return startService();
  const process = await startPinned(serverCore, [bundle("bench-service"), "--part", name, uwsFolder], {});
  return {
    name,
    dialect: name === "socket.io" ? "socket.io" : "plain",
    process,
    port: Number(process.ready.websocketPort),
    adminUrl: null,
    stop: process.stop,
  };
}

/**
 * The real service as it is configured by default, but for its limits, which one address must not meet here, and
 * the simulated sources, whose messages nobody here asked for.
 */
async function startService(): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), "bench-service-"));
  writeFileSync(join(folder, "config.yaml"), "");
  const process = await startPinned(serverCore, [bundle("websocket-server")], {
    WEBSOCKET_CONFIG: join(folder, "config.yaml"),
    WEBSOCKET_DATA_DIR: folder,
    LOG_FILE: join(folder, "websocket-server.log"),
    WEBSOCKET_PORT: "0",
    WEBSOCKET_ADMIN_PORT: "0",
    WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
    WEBSOCKET_PUBLISH_ALLOW: "bench.*",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "1000000",
    WEBSOCKET_CONNECTIONS_MAX: "1000000",
    WEBSOCKET_OUTBOUND_WRITE_DEADLINE: "5",
    WEBSOCKET_SHUTDOWN_TIMEOUT: "1",
  });
  return {
    name: "wirewatch",
    dialect: "plain",
    process,
    port: Number(process.ready.websocketPort),
    adminUrl: `http://127.0.0.1:${process.ready.adminPort}`,
    async stop() {
      await process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
