import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encode } from "next-auth/jwt";
import { Server } from "socket.io";
import { io as connect, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type {
  ClientEvents,
  LiveFrame,
  LiveView,
  ServerEvents,
  WatchAnswer,
} from "../../../lib/contract/live";
import { livePath } from "../../../lib/contract/live";
import { goodPoll } from "../../testing/poll-outcome";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { type Board, createBoard } from "../fleet/board";
import type { Caller } from "../runtime";
import { attachLive, type LiveServer, liveServerOptions } from "./gateway";

const secret = "a secret of this test";
const cookieName = "wirewatch.session-token.3000";
const origin = "http://localhost:3000";
const step = 1_000;

let board: Board;
let tell: () => void;
let sessions: Map<string, Caller>;
let io: LiveServer;
let url: string;
let slotMs: number;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  slotMs = Math.floor(Date.now() / step) * step;
  sessions = new Map([
    ["s-1", { userId: "u", name: "mei", role: "viewer", sessionId: "s-1" }],
    ["s-2", { userId: "v", name: "ana", role: "viewer", sessionId: "s-2" }],
  ]);
  board = createBoard({
    members: ["a", "b"].map((id) => ({
      id,
      name: id,
      labels: {},
      region: "eu",
      adminUrl: "http://127.0.0.1:1",
      wsUrl: null,
      token: null,
    })),
    stepMs: step,
    now: Date.now,
    logger: silentLogger(),
    markers: () => [],
    openIncidents: () => [],
  });
  const listeners = new Set<() => void>();
  tell = () => {
    for (const listener of listeners) listener();
  };
  const http = createServer();
  io = new Server(http, liveServerOptions);
  const live = attachLive({
    io,
    fleet: {
      frames: board,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    auth: { session: async (id) => sessions.get(id) ?? null },
    cookieName,
    secret,
    allowedOrigins: [origin],
    logger: silentLogger(),
    sessionCheckMs: 50,
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  closing.push(async () => {
    live.close();
    await io.close();
  });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function sample(id: string, slot: number, connections: number): void {
  const outcome = goodPoll(id, slotMs + slot * step, { active_connections: connections });
  board.take({ atMs: Date.now(), outcomes: [outcome] });
  tell();
}

async function cookieOf(sessionId: string, signedWith = secret): Promise<string> {
  return `theme=dark; ${cookieName}=${await encode({ token: { sessionId }, secret: signedWith })}`;
}

type Client = Socket<ServerEvents, ClientEvents>;

function open(headers: Record<string, string>): Client {
  const client: Client = connect(url, {
    path: livePath,
    transports: ["websocket"],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  closing.push(() => client.disconnect());
  return client;
}

async function signedIn(sessionId = "s-1"): Promise<{ client: Client; frames: LiveFrame[] }> {
  const client = open({ origin, cookie: await cookieOf(sessionId) });
  const frames: LiveFrame[] = [];
  client.on("frame", (frame) => frames.push(frame));
  await until("the connection", () => client.connected);
  return { client, frames };
}

const watch = (client: Client, view: unknown): Promise<WatchAnswer> =>
  client.emitWithAck("watch", view as LiveView);

async function refusal(headers: Record<string, string>): Promise<string> {
  const client = open(headers);
  return new Promise((resolve, reject) => {
    client.on("connect_error", (error) => resolve(error.message));
    client.on("connect", () => reject(new Error("was let in")));
  });
}

describe("the handshake", () => {
  it("lets in who has a session, from the console's own pages", async () => {
    const { client } = await signedIn();
    expect(client.connected).toBe(true);
  });

  it.each([
    ["without a cookie", async () => ({ origin }), "UNAUTHENTICATED"],
    [
      "with a cookie that another key signed",
      async () => ({ origin, cookie: await cookieOf("s-1", "x") }),
      "UNAUTHENTICATED",
    ],
    [
      "with a cookie that is nonsense",
      async () => ({ origin, cookie: `${cookieName}=%E0%A4%A` }),
      "UNAUTHENTICATED",
    ],
    [
      "with a session that was revoked",
      async () => ({ origin, cookie: await cookieOf("gone") }),
      "UNAUTHENTICATED",
    ],
    [
      "with a token instead of a cookie",
      async () => ({
        origin,
        authorization: `Bearer ${await encode({ token: { sessionId: "s-1" }, secret })}`,
      }),
      "UNAUTHENTICATED",
    ],
    [
      "from another site",
      async () => ({ origin: "https://evil.example", cookie: await cookieOf("s-1") }),
      "CROSS_ORIGIN",
    ],
    [
      "from a look-alike of the origin",
      async () => ({ origin: `${origin}.evil.example`, cookie: await cookieOf("s-1") }),
      "CROSS_ORIGIN",
    ],
    ["without an origin", async () => ({ cookie: await cookieOf("s-1") }), "CROSS_ORIGIN"],
  ])("refuses %s", async (_, headers, code) => {
    expect(await refusal((await headers()) as unknown as Record<string, string>)).toBe(code);
  });
});

describe("watching", () => {
  it("is answered with a full frame and goes on with changes of what the page shows", async () => {
    sample("a", 0, 10);
    const { client, frames } = await signedIn();
    const answer = await watch(client, { kind: "server", serverId: "a" });
    if (!answer.ok) throw new Error(answer.error.code);
    expect(answer.frame.full).toBe(true);
    expect(answer.frame.samples.map((row) => row.slice(0, 3))).toEqual([["server:a", slotMs, 10]]);
    sample("b", 0, 99);
    sample("a", 1, 11);
    const frame = await until("a frame with the new row", () => frames.find((f) => f.samples.length > 0));
    expect(frame.full).toBe(false);
    expect(frame.samples.map((row) => row.slice(0, 3))).toEqual([["server:a", slotMs + step, 11]]);
  });

  it("sends nothing to pages that watch nothing", async () => {
    const { frames } = await signedIn("s-1");
    const other = await signedIn("s-2");
    await watch(other.client, { kind: "fleet" });
    sample("a", 0, 10);
    await until("the other page's frame", () => other.frames.length > 0);
    expect(frames).toEqual([]);
  });

  it("joins changes that come fast, and loses none", async () => {
    const { client, frames } = await signedIn();
    await watch(client, { kind: "fleet" });
    for (let slot = 0; slot < 30; slot++) sample("a", slot, slot);
    const rows = () => frames.flatMap((f) => f.samples).filter((row) => row[0] === "server:a");
    await until("the newest row", () => rows().some((row) => row[1] === slotMs + 29 * step));
    expect(new Set(rows().map((row) => row[1])).size).toBe(30);
    expect(frames.length).toBeLessThanOrEqual(3);
  });

  it.each([
    ["an unknown server", { kind: "server", serverId: "none" }, "UNKNOWN_SERVER"],
    ["an unknown view", { kind: "everything" }, "INVALID_BODY"],
    ["more than a view", { kind: "fleet", admin: true }, "INVALID_BODY"],
    ["nothing", null, "INVALID_BODY"],
  ])("refuses %s and stays connected", async (_, view, code) => {
    const { client } = await signedIn();
    expect(await watch(client, view)).toEqual({ ok: false, error: { code } });
    expect(await watch(client, { kind: "shell" })).toMatchObject({ ok: true });
  });

  it("refuses a flood of requests", async () => {
    const { client } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 60 }, () => watch(client, { kind: "shell" })));
    expect(answers.filter((a) => a.ok).length).toBeGreaterThan(0);
    expect(answers).toContainEqual({ ok: false, error: { code: "TOO_MANY_REQUESTS" } });
  });

  it("skips frames for a browser that does not keep up, and then sends one that has it all", async () => {
    const { client, frames } = await signedIn("s-1");
    const other = await signedIn("s-2");
    await watch(client, { kind: "fleet" });
    await watch(other.client, { kind: "fleet" });
    const socket = [...io.sockets.sockets.values()].find((s) => s.data.sessionId === "s-1");
    if (!socket) throw new Error("no such socket");
    socket.conn.transport.writable = false;
    for (let slot = 0; slot < 3; slot++) {
      sample("a", slot, slot);
      await until("the other page has the row", () =>
        other.frames.some((f) => f.samples.some((row) => row[1] === slotMs + slot * step)),
      );
    }
    expect(frames).toEqual([]);
    socket.conn.transport.writable = true;
    sample("b", 3, 7);
    const frame = await until("a frame", () => frames[0]);
    expect(frame.full).toBe(true);
    expect(frame.states).toHaveLength(2);
    const slots = frame.samples.filter((row) => row[0] === "server:a").map((row) => (row[1] - slotMs) / step);
    expect(slots).toEqual([0, 1, 2]);
  });
});

describe("a session that ends", () => {
  it("ends its connections with a word, and no others", async () => {
    const leaving = await signedIn("s-1");
    const staying = await signedIn("s-2");
    let told = false;
    leaving.client.on("signedOut", () => {
      told = true;
    });
    sessions.delete("s-1");
    await until("it is disconnected", () => leaving.client.disconnected);
    expect(told).toBe(true);
    expect(await watch(staying.client, { kind: "shell" })).toMatchObject({ ok: true });
  });
});
