import { readdirSync, readFileSync } from "node:fs";
import { get, request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Stats } from "../../lib/contract/service-api";
import { until } from "../testing/until";
import { serviceLauncher } from "./test-launched-service";

/** `CHURN_SECONDS=300 CHURN_CLIENTS=1000 npx vitest run churn` also tells how memory went. */
const seconds = Number(process.env.CHURN_SECONDS ?? 20);
const clients = Number(process.env.CHURN_CLIENTS ?? 200);
const topics = ["ticker.BTC-USD", "ticker.ETH-USD", "room.1"];

const launcher = serviceLauncher();

/** Over a connection of its own, so that none stays open. */
function ask<T>(adminPort: number, path: string, method = "GET"): Promise<T> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: adminPort, path, method, agent: false };
    const sent = (method === "GET" ? get : request)(options, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(JSON.parse(text) as T));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** One client after another until `ends`; each stays for a while and leaves in another way. */
async function comeAndGo(url: string, number: number, ends: number): Promise<number> {
  let came = 0;
  for (; performance.now() < ends; came++) {
    const socket = new WebSocket(url);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
    for (const [id, topic] of topics.entries()) socket.send(JSON.stringify({ id, op: "subscribe", topic }));
    socket.send(JSON.stringify({ op: "publish", topic: "room.1", data: { number, came } }));
    const leaving = (number + came) % 3;
    if (leaving === 2) socket.pause();
    await wait(
      Math.min(1_000 + ((number * 37 + came * 101) % 90) * 100, Math.max(0, ends - performance.now())),
    );
    if (leaving === 0) socket.close();
    else socket.terminate();
    await closed;
  }
  return came;
}

test(
  "whatever clients come and go, nothing of them stays and every figure adds up",
  async () => {
    const { child, ready } = await launcher.launchReady({ WEBSOCKET_PUBLISH_ALLOW: "room.*" });
    const stats = () => ask<Stats>(ready.adminPort, "/stats");
    const descriptors = () => readdirSync(`/proc/${child.pid}/fd`).length;
    const afterGc = async () => {
      await ask(ready.adminPort, "/admin/gc", "POST");
      const { memory } = await stats();
      return { heap: memory.heap_used_bytes, outside: memory.array_buffers_bytes, rss: memory.rss_bytes };
    };
    const url = `ws://127.0.0.1:${ready.websocketPort}/`;
    await until("its log is open", async () => (await stats()).logs.file_bytes !== null);
    const inUse = process.platform === "linux" ? descriptors() : null;
    const rounds: { minute: number; heap: number; outside: number; rss: number }[] = [];
    const startedAt = performance.now();
    const ends = startedAt + seconds * 1_000;
    const all = Promise.all(Array.from({ length: clients }, (_, number) => comeAndGo(url, number, ends)));
    for (let at = startedAt + 60_000; at < ends; at += 60_000) {
      await wait(at - performance.now());
      const { connections, subscriptions } = await stats();
      expect(connections.opened_total - connections.closed_total).toBe(connections.active_connections);
      expect(subscriptions.subscribed_total - subscriptions.unsubscribed_total).toBe(
        subscriptions.active_subscriptions,
      );
      rounds.push({ minute: (at - startedAt) / 60_000, ...(await afterGc()) });
    }
    const came = (await all).reduce((sum, count) => sum + count, 0);

    await until("all have gone", async () => (await stats()).connections.active_connections === 0);
    const { connections, subscriptions, message_queue: queue, messages } = await stats();
    expect(came).toBeGreaterThan(clients);
    expect(connections.opened_total).toBe(came);
    expect(connections.closed_total).toBe(came);
    expect(Object.values(connections.closed_by_code).reduce((sum, count) => sum + count, 0)).toBe(came);
    expect(connections.refused_total).toBe(0);
    expect(subscriptions.active_subscriptions).toBe(0);
    expect(subscriptions.subscribed_total).toBe(came * topics.length);
    expect(subscriptions.unsubscribed_total).toBe(came * topics.length);
    expect(queue).toMatchObject({ messages: 0, bytes: 0, oldest_ms: 0 });
    expect(messages.in_total).toBe(came * (topics.length + 1));
    if (inUse !== null)
      await until("its descriptors are given back", () => descriptors() < inUse + clients / 20);
    rounds.push({ minute: seconds / 60, ...(await afterGc()) });
    const log = readFileSync(join(launcher.folder, "logs/websocket-server.log"), "utf8");
    expect(log.match(/^.* (ERROR|CRITICAL) .*$/gm)).toBeNull();
    if (rounds.length > 1)
      process.stdout.write(`${JSON.stringify({ came, messages, connections, rounds }, null, 1)}\n`);
  },
  seconds * 1_000 + 40_000,
);
