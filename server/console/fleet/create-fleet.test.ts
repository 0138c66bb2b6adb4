import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  connectionsPageSchema,
  fleetSnapshotSchema,
  type ServerState,
  serverDetailSchema,
} from "../../../lib/contract/console-api";
import { liveFrameSchema } from "../../../lib/contract/live";
import { isCodedError } from "../../../lib/errors";
import type { Mode } from "../../testing/behaviours";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { createFleet, type RunningFleet } from "./create-fleet";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startFleet(modes: Record<string, Mode>, logLines: string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "fleet-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const fakes: Record<string, FakeMember> = {};
  let text = "servers:\n";
  for (const [id, mode] of Object.entries(modes)) {
    const fake = await startFakeMember({ id, mode });
    fakes[id] = fake;
    closing.push(() => fake.close());
    text += `  - id: ${id}\n    labels: { region: ${id.slice(0, 2)} }\n    admin_url: ${fake.adminUrl}\n`;
  }
  const fleetFile = join(folder, "fleet.yaml");
  writeFileSync(fleetFile, text);
  const fleet = createFleet({
    pollIntervalMs: 100,
    pollTimeoutMs: 250,
    fleetFile,
    bundledMember: null,
    fleetName: "Test",
    environment: "test",
    logger: silentLogger(logLines),
    actions: { markers: () => [] },
    incidents: { open: () => [] },
  });
  closing.push(() => fleet.stop());
  fleet.start();
  const of = (id: string) => fleet.server(id).server;
  return { fleet, of, fake: (id: string) => fakes[id] as FakeMember };
}

async function seenHealthy(fleet: RunningFleet, ids: string[]): Promise<void> {
  await until("all servers are healthy", () =>
    ids.every((id) => fleet.server(id).server.state === "healthy"),
  );
}

const failures: [Mode, ServerState, string][] = [
  ["hang", "hanging", "no_answer"],
  ["drip", "hanging", "no_answer"],
  ["flood", "mismatch", "too_large"],
  ["huge", "mismatch", "too_large"],
  ["html", "mismatch", "html"],
  ["half-json", "mismatch", "broken_json"],
  ["nan", "mismatch", "broken_json"],
  ["blank", "mismatch", "broken_json"],
  ["negative", "mismatch", "schema"],
  ["wrong-types", "mismatch", "schema"],
  ["redirect", "mismatch", "status"],
  ["status-500", "mismatch", "status"],
  ["status-401", "mismatch", "token_refused"],
  ["no-http", "mismatch", "not_http"],
  ["gzip", "mismatch", "encoding"],
  ["reset", "down", "reset"],
  ["empty", "down", "empty"],
];

describe("a member that starts to misbehave", () => {
  it.each(failures)("%s: only its own row is %s (%s), since it began", async (mode, state, code) => {
    const { fleet, of, fake } = await startFleet({ "eu-good": "ok", "eu-bad": "ok", "us-good": "ok" });
    await seenHealthy(fleet, ["eu-good", "eu-bad", "us-good"]);
    const lastGood = of("eu-bad").lastSampleAtMs ?? 0;
    const latest = of("eu-bad").latest;
    fake("eu-bad").mode = mode;
    await until(`its state is ${state}`, () => of("eu-bad").state === state);
    const noticedAtMs = Date.now();
    const bad = of("eu-bad");
    expect(bad.reason?.code).toBe(code);
    expect(bad.sinceMs).toBeGreaterThanOrEqual(lastGood);
    expect(bad.sinceMs).toBeLessThan(noticedAtMs);
    // Its last values stay on screen, with their age.
    expect(Object.keys(bad.latest)).toEqual(Object.keys(latest));

    const before = [of("eu-good").lastSampleAtMs ?? 0, of("us-good").lastSampleAtMs ?? 0];
    await until("the other servers' samples go on", () =>
      ["eu-good", "us-good"].every((id, i) => (of(id).lastSampleAtMs ?? 0) > (before[i] ?? 0) + 200),
    );
    expect(of("eu-bad").sinceMs).toBe(bad.sinceMs);
    await until("the aggregates count the good ones only", () => {
      const { aggregates, reporting } = fleet.snapshot();
      return reporting === 2 && aggregates.fleet?.active_connections === 200;
    });

    fake("eu-bad").mode = "ok";
    await until("it is healthy again", () => of("eu-bad").state === "healthy");
    expect(of("eu-bad").reason).toBeNull();
  });

  it("is down while its process is gone, and healthy when it is back on its port", async () => {
    const { fleet, of, fake } = await startFleet({ "eu-a": "ok", "eu-b": "ok" });
    await seenHealthy(fleet, ["eu-a", "eu-b"]);
    const port = Number(new URL(fake("eu-b").adminUrl).port);
    await fake("eu-b").close();
    await until("it is down", () => of("eu-b").state === "down");
    expect(of("eu-b").reason?.code).toBe("refused");
    const back = await startFakeMember({ id: "eu-b", port });
    closing.push(() => back.close());
    await until("it is healthy", () => of("eu-b").state === "healthy");
  });

  it("drains when it says so", async () => {
    const { of, fake } = await startFleet({ "eu-a": "ok" });
    fake("eu-a").change = (stats) => {
      stats.server.state = "draining";
    };
    await until("it is draining", () => of("eu-a").state === "draining");
  });

  it("is logged when its state changes, not at each failed poll", async () => {
    const lines: string[] = [];
    const { of, fake } = await startFleet({ "eu-a": "html" }, lines);
    await until("mismatch", () => of("eu-a").state === "mismatch");
    const asked = fake("eu-a").asked.length;
    await until("more polls", () => fake("eu-a").asked.length > asked + 3);
    expect(lines.filter((line) => line.includes("to=mismatch"))).toHaveLength(1);
  });

  it("has no data before its first sample, and its figures are unknown, not 0", async () => {
    const { fleet, of } = await startFleet({ "eu-a": "ok", "eu-new": "hang" });
    expect(of("eu-new")).toMatchObject({
      state: "no_data",
      reason: { code: "never_sampled" },
      latest: {},
      lastSampleAtMs: null,
    });
    await seenHealthy(fleet, ["eu-a"]);
    const now = Date.now();
    const { series } = fleet.history({
      keys: ["server:eu-new", "server:eu-a", "fleet"],
      metrics: ["active_connections"],
      fromMs: now - 5_000,
      toMs: now,
    });
    expect(series["server:eu-new"]?.active_connections?.every((v) => v === null)).toBe(true);
    expect(series["server:eu-a"]?.active_connections).toContain(100);
    expect(series.fleet?.active_connections).toContain(100);
  });
});

describe("what the fleet tells", () => {
  it("answers as the contract says, worst servers first", async () => {
    const { fleet, of } = await startFleet({ "eu-a": "ok", "us-b": "html", "eu-c": "ok" });
    await seenHealthy(fleet, ["eu-a", "eu-c"]);
    await until("mismatch", () => of("us-b").state === "mismatch");
    const snapshot = fleetSnapshotSchema.parse(fleet.snapshot());
    expect(snapshot.servers.map((s) => s.id)).toEqual(["us-b", "eu-a", "eu-c"]);
    expect(Object.keys(snapshot.aggregates).sort()).toEqual(["fleet", "region:eu", "region:us"]);
    expect(snapshot.aggregates["region:us"]).toEqual({});
    const detail = serverDetailSchema.parse(fleet.server("eu-a"));
    expect(detail).toMatchObject({ previousServerId: "us-b", nextServerId: "eu-c", pid: 4_242 });
    expect(detail.topTopics).toHaveLength(1);
    expect(fleet.latest("eu-a").active_connections).toBe(100);
    const full = liveFrameSchema.parse(fleet.live({ kind: "fleet" }));
    expect(full).toMatchObject({ full: true, servers: 3, reporting: 2 });
    const next = fleet.live({ kind: "fleet" }, full.atMs);
    expect(liveFrameSchema.parse(next).full).toBe(false);
  });

  it("has no words for servers and series that are not in the fleet", async () => {
    const { fleet } = await startFleet({ "eu-a": "ok" });
    const code = (ask: () => unknown) => {
      try {
        ask();
      } catch (error) {
        if (isCodedError(error)) return error.code;
      }
      return null;
    };
    const history = (key: string) => () =>
      fleet.history({ keys: [key], metrics: ["topics"], fromMs: 0, toMs: 1 });
    expect(code(() => fleet.server("none"))).toBe("UNKNOWN_SERVER");
    expect(code(() => fleet.latest("__proto__"))).toBe("UNKNOWN_SERVER");
    expect(code(() => fleet.live({ kind: "server", serverId: "none" }))).toBe("UNKNOWN_SERVER");
    expect(code(history("server:none"))).toBe("UNKNOWN_SERVER");
    expect(code(history("region:none"))).toBe("INVALID_QUERY");
    await expect(fleet.recentlyClosed("none")).rejects.toMatchObject({ code: "UNKNOWN_SERVER" });
  });

  it("asks a member for a page of connections and knows the page again by its view id", async () => {
    const { fleet, fake } = await startFleet({ "eu-a": "ok" });
    const row = {
      id: "c-1",
      remote_ip: "192.0.2.7",
      remote_port: 50_000,
      user_agent: "test",
      connected_at_ms: 1,
      idle_time: 2,
      last_message_at_ms: null,
      rtt_ms: null,
      subscriptions: 0,
      messages_in_total: 0,
      messages_out_total: 0,
      bytes_in_total: 0,
      bytes_out_total: 0,
      buffered_bytes: 0,
      dropped_total: 0,
      state: "active",
    };
    fake("eu-a").answers.set("/admin/connections", () => ({
      body: [row],
      headers: { "x-total-count": "401" },
    }));
    const query = { offset: 400, limit: 200, idle_gt: 300, sort: "idle_time", order: "desc" } as const;
    const page = connectionsPageSchema.parse(await fleet.connections("eu-a", query));
    expect(page).toMatchObject({ rows: [{ id: "c-1" }], offset: 400, total: 401 });
    const asked = fake("eu-a").asked.find((a) => a.path.startsWith("/admin/connections"))?.path ?? "";
    expect(Object.fromEntries(new URL(asked, "http://x").searchParams)).toEqual({
      idle_gt: "300",
      sort: "idle_time",
      order: "desc",
      limit: "200",
      cursor: "400",
    });
    expect(fleet.captureConnections(page.viewId)).toEqual({ serverId: "eu-a", query, page });
    expect(fleet.captureConnections("unknown")).toBeNull();

    expect(page.missingWorkers).toEqual([]);
    fake("eu-a").answers.set("/admin/connections", () => ({
      body: [row],
      headers: { "x-total-count": "1", "x-missing-workers": "worker-1, worker-3" },
    }));
    const part = connectionsPageSchema.parse(await fleet.connections("eu-a", query));
    expect(part.missingWorkers).toEqual(["worker-1", "worker-3"]);

    fake("eu-a").answers.set("/admin/connections", () => ({ body: [row] }));
    await expect(fleet.connections("eu-a", query)).rejects.toMatchObject({
      code: "MEMBER_MISMATCH",
      details: { path: "X-Total-Count" },
    });
  });

  it("groups a member's addresses by network and passes on its newest closes", async () => {
    const { fleet, fake } = await startFleet({ "eu-a": "ok" });
    fake("eu-a").answers.set("/admin/connections/by-ip", () => ({
      body: [
        { remote_ip: "192.0.2.7", connections: 3, idle: 1 },
        { remote_ip: "192.0.2.9", connections: 4, idle: 0 },
      ],
    }));
    fake("eu-a").answers.set("/admin/closed-connections", () => ({
      body: { closes: [], lifetimes: { bin_seconds: 2, counts: [1, 0] } },
    }));
    expect((await fleet.connectionsByNetwork("eu-a")).networks).toEqual([
      { network: "192.0.2.0/24", connections: 7, idle: 1 },
    ]);
    expect((await fleet.recentlyClosed("eu-a")).lifetimes.counts).toEqual([1, 0]);
  });
});
