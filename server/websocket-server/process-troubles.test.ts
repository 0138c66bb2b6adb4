import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Health, Stats } from "../../lib/contract/service-api";
import { serviceLauncher } from "./test-launched-service";
import { until } from "./test-service";

const launcher = serviceLauncher();

interface Ports {
  websocketPort: number;
  adminPort: number;
}

const json = async <T>({ adminPort }: Ports, path: string, init?: RequestInit) =>
  (await (await fetch(`http://127.0.0.1:${adminPort}${path}`, init)).json()) as T;
const stats = (ports: Ports) => json<Stats>(ports, "/stats");
const logText = () => readFileSync(join(launcher.folder, "logs/websocket-server.log"), "utf8");

/** `count` clients at once; resolves with those that got in and why the others did not. */
async function connectMany({ websocketPort }: Ports, count: number) {
  const refused = new Map<string, number>();
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${websocketPort}/`);
      socket.on("error", (error) => refused.set(error.message, (refused.get(error.message) ?? 0) + 1));
      await Promise.race([once(socket, "open"), once(socket, "close")]).catch(() => undefined);
      return socket;
    }),
  );
  return { open: sockets.filter((socket) => socket.readyState === WebSocket.OPEN), refused };
}

test.skipIf(process.platform !== "linux")(
  "too few file descriptors: it refuses and says why, /health and the log go on, and it recovers",
  async () => {
    const { ready } = await launcher.launchReady({}, { before: "ulimit -n 256" });
    const { open, refused } = await connectMany(ready, 400);
    expect(open.length).toBe(192);
    expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(208);
    const health = await json<Health>(ready, "/health");
    expect(health.checks.find(({ name }) => name === "connections")).toEqual({
      name: "connections",
      status: "warn",
      message:
        "192 of 192 connections are open that the limit of open files leaves room for (connections.max is 10000)",
    });
    expect((await stats(ready)).connections).toMatchObject({
      active_connections: 192,
      refused_total: 208,
      refused_by_reason: { TOO_MANY_OPEN_FILES: 208 },
    });
    await until(() => logText().includes("ERROR Too many open files sockets=192 limit=256"));
    // Late ones have time to hear the reason.
    const late = await connectMany(ready, 1);
    expect([...late.refused.keys()]).toEqual(["Unexpected server response: 503"]);
    for (const socket of open) socket.terminate();
    await until(async () => (await stats(ready)).connections.active_connections === 0);
    expect((await connectMany(ready, 150)).refused.size).toBe(0);
    expect(logText().match(/Too many open files/g)).toHaveLength(1);
    expect(logText()).toContain("open files are well below the limit again");
  },
);
