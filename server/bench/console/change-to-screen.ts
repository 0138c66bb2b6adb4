import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { BrowserContext } from "@playwright/test";
import { WebSocket } from "ws";
import { peerValueSelector } from "./peer";
import { Screen } from "./screen";
import type { Stage } from "./stage";
import { startPart } from "./thread";

const giveUpMs = 6_000;
const watched = ["fleet", "overview", "peer"] as const;

/** Milliseconds from a change on the service to its figure on screen, and how many never came. */
export type Delays = Record<(typeof watched)[number], { delaysMs: number[]; missing: number }>;

/**
 * Opens and closes connections to the target at random moments and waits for the count on three pages at
 * once, so that all of them are asked under the same load.
 */
export async function measureChanges(stage: Stage, changes: number): Promise<Delays> {
  const { target } = stage;
  const peer = await startPart<{ url: string }>({ name: "peer", statsUrl: `${target.adminUrl}/stats` });
  const contexts: BrowserContext[] = [];
  // a window each: the browser draws tabs behind another one once a second
  const newWindow = async () => {
    const context = await stage.context();
    contexts.push(context);
    return context.newPage();
  };
  const extra: WebSocket[] = [];
  try {
    const figure = `[data-metric=active_connections][data-server="${target.id}"]`;
    const server = `${stage.consoleUrl}/servers/${encodeURIComponent(target.id)}`;
    const screens = {
      fleet: await Screen.open(await newWindow(), `${stage.consoleUrl}/`, figure),
      overview: await Screen.open(await newWindow(), server, figure),
      peer: await Screen.open(await newWindow(), peer.message.url, peerValueSelector),
    };
    await delay(2_500);
    const others = await activeConnections(target.adminUrl);
    const delays: Delays = {
      fleet: { delaysMs: [], missing: 0 },
      overview: { delaysMs: [], missing: 0 },
      peer: { delaysMs: [], missing: 0 },
    };
    for (let change = 0; change < changes; change++) {
      await delay(Math.random() * 1_000);
      const atMs = await (extra.length > 0 && Math.random() < 0.5 ? close(extra) : open(extra, target.wsUrl));
      const count = others + extra.length;
      await Promise.all(
        watched.map(async (name) => {
          // its figure may be on screen before this process hears of its own connection
          const paintedAtMs = await screens[name].painted(count, atMs - 50, giveUpMs);
          if (paintedAtMs === null) delays[name].missing++;
          else delays[name].delaysMs.push(Math.max(0, paintedAtMs - atMs));
        }),
      );
    }
    return delays;
  } finally {
    for (const socket of extra) socket.terminate();
    for (const context of contexts) await context.close();
    await peer.stop();
  }
}

async function open(extra: WebSocket[], url: string): Promise<number> {
  const socket = new WebSocket(url);
  extra.push(socket);
  await once(socket, "open");
  return Date.now();
}

async function close(extra: WebSocket[]): Promise<number> {
  const socket = extra.pop();
  if (!socket) throw new Error("nothing is open");
  socket.close(1000);
  await once(socket, "close");
  return Date.now();
}

async function activeConnections(adminUrl: string): Promise<number> {
  const answer = await fetch(`${adminUrl}/stats`);
  const stats = (await answer.json()) as { connections: { active_connections: number } };
  return stats.connections.active_connections;
}
