import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LinkRequest, PublicView, Redaction } from "../../../lib/contract/console-api";
import {
  type ConsoleParts,
  movableClock,
  operator,
  startConsoleParts,
  viewer,
} from "../../testing/console-parts";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { addRemedies, connectionFixture } from "../../testing/fake-remedies";

let first: FakeMember;
let second: FakeMember;
let parts: ConsoleParts;
let clock: ReturnType<typeof movableClock>;
const members = () => [
  { id: "ws-eu-1", name: "Edge Frankfurt", region: "eu-west", adminUrl: first.adminUrl },
  { id: "ws-us-7", name: "Edge Ohio", region: "us-east", adminUrl: second.adminUrl },
];
const everything: Redaction = { clientIps: true, userNames: true, serverNames: true, notes: true };
const nothing: Redaction = { clientIps: false, userNames: false, serverNames: false, notes: false };

/** Planted in the view's texts, keys, rows and paths. */
const secrets = {
  clientIps: ["203.0.113.41", "198.51.100.77", "2001:db8:5:6::77", "50123"],
  userNames: ["olga", "vito", "mei lin"],
  serverNames: ["ws-eu-1", "Edge Frankfurt", "ws-us-7", "Edge Ohio"],
  notes: ["ticket NET-881", "heap keeps growing"],
} satisfies Record<keyof Redaction, string[]>;

beforeEach(async () => {
  first = await startFakeMember({ id: "ws-eu-1" });
  second = await startFakeMember({ id: "ws-us-7" });
  addRemedies(first);
  first.answers.set("/admin/connections", () => ({
    body: [connectionFixture("c-1"), connectionFixture("c-2", "2001:db8:5:6::77")],
    headers: { "x-total-count": "2" },
  }));
  first.answers.set("/admin/connections/by-ip", () => ({
    body: [{ remote_ip: "203.0.113.41", connections: 2, idle: 2 }],
  }));
  first.answers.set("/admin/closed-connections", () => ({
    body: {
      closes: [
        {
          id: "c-0",
          remote_ip: "198.51.100.77",
          closed_at_ms: 1,
          lifetime_seconds: 2,
          side: "server",
          code: 1001,
          reason: "cut by olga for 198.51.100.77",
        },
      ],
      lifetimes: { bin_seconds: 2, counts: [1] },
    },
  }));
  clock = movableClock();
  parts = await startConsoleParts(members(), { now: clock.now });
  const user = { role: "viewer", password_hash: "-", created_at_ms: 1, changed_at_ms: 1 } as const;
  for (const name of secrets.userNames) {
    const row = { id: `u-${name}`, name, ...user };
    await parts.db.insertInto("users").values(row).execute();
  }
  await parts.sampled();
});
afterEach(async () => {
  await parts.stop();
  await Promise.all([first.close(), second.close()]);
});

const window = () => ({ fromMs: clock.now() - 60_000, toMs: clock.now() });

/** An incident with all that a text may give away, over a page of connections and an action of each kind. */
async function plant() {
  for (const kind of ["cleanup-connections", "reload-config"] as const) {
    const { previewId } = await parts.actions.preview(operator, "ws-eu-1", kind, { ip: "203.0.113.41" });
    await parts.actions.run(operator, "ws-eu-1", kind, {
      previewId,
      reason: "heap keeps growing, says vito of 203.0.113.41",
    });
  }
  const seen = await parts.fleet.connections("ws-eu-1", { q: "203.0.113.41", offset: 0, limit: 200 });
  const snapshot = await parts.snapshots.create(operator, {
    page: "server-connections",
    serverId: "ws-eu-1",
    path: "/servers/ws-eu-1/connections?q=203.0.113.41&idle_gt=60&token=hunter2&sel=ws-us-7",
    viewId: seen.viewId,
    ...window(),
    incident: {
      kind: "new",
      title: "Edge Ohio and ws-eu-1 late, told by Vito from 198.51.100.77",
      severity: "sev2",
      status: "open",
    },
  });
  const incidentId = snapshot.incidentId ?? "";
  await parts.incidents.addNote(operator, incidentId, "ticket NET-881, ask mei lin");
  await parts.incidents.change(operator, incidentId, {
    lead: "vito",
    cause: `mei lin found ${first.adminUrl}/stats slow for 2001:db8:5:6::77 on 服务器ws-eu-1宕机`,
  });
  return { snapshotId: snapshot.id, incidentId };
}
const targetOf = (planted: Awaited<ReturnType<typeof plant>>, kind: "snapshot" | "incident") =>
  kind === "snapshot"
    ? ({ kind, snapshotId: planted.snapshotId } as const)
    : ({ kind, incidentId: planted.incidentId } as const);

async function share(target: LinkRequest["target"], redaction: Redaction, expiresInSeconds = 3_600) {
  const link = await parts.links.create(operator, { target, expiresInSeconds, redaction });
  return { link, token: link.url.slice(link.url.lastIndexOf("/") + 1) };
}
async function publicView(target: LinkRequest["target"], redaction: Redaction): Promise<PublicView> {
  const view = await parts.links.open((await share(target, redaction)).token);
  if (!view) throw new Error("the link did not open");
  return view;
}
const tells = (view: PublicView, secret: string) =>
  JSON.stringify(view).toLowerCase().includes(secret.toLowerCase());

describe.each(["snapshot", "incident"] as const)("a public link of a %s", (kind) => {
  test("leaves out what each switch names, and only that", async () => {
    const target = targetOf(await plant(), kind);
    const open = await publicView(target, nothing);
    // What no switch covers is in no public view; the rest is there, so that its absence below means something.
    const shown = (name: keyof Redaction) => secrets[name].filter((secret) => tells(open, secret));
    expect(shown("clientIps")).toEqual(secrets.clientIps);
    expect(shown("serverNames").slice(0, 2)).toEqual(["ws-eu-1", "Edge Frankfurt"]);
    expect(shown("userNames").slice(0, 2)).toEqual(["olga", "vito"]);
    expect(shown("notes")).toContain("heap keeps growing");
    for (const name of Object.keys(secrets) as (keyof Redaction)[]) {
      const view = await publicView(target, { ...nothing, [name]: true });
      expect({ name, told: secrets[name].filter((secret) => tells(view, secret)) }).toEqual({
        name,
        told: [],
      });
      for (const other of Object.keys(secrets) as (keyof Redaction)[]) {
        // Reasons and notes hold names and addresses, the search holds an address.
        if (other === name || name === "notes") continue;
        expect({ name, other, told: secrets[other].some((secret) => tells(view, secret)) }).toMatchObject({
          told: true,
        });
      }
    }
    const closed = await publicView(target, everything);
    expect(
      Object.values(secrets)
        .flat()
        .filter((secret) => tells(closed, secret)),
    ).toEqual([]);
  });

  test("never tells a member's address, a configuration value or what stood in the address bar besides", async () => {
    const target = targetOf(await plant(), kind);
    const ports = [first, second].map((member) => new URL(member.adminUrl).port);
    for (const redaction of [nothing, everything]) {
      const view = await publicView(target, redaction);
      for (const secret of ["http://127", "/srv/secret", "hunter2", ...ports.map((port) => `:${port}/`)]) {
        expect({ secret, told: tells(view, secret) }).toEqual({ secret, told: false });
      }
      const snapshot = view.snapshot ?? view.incident?.snapshot;
      expect(snapshot?.fleet.servers.map((s) => [s.adminUrl, s.wsUrl])).toEqual([["", null]]);
      const reload = snapshot?.actions.find((action) => action.kind === "reload-config")?.reload;
      expect(reload?.changes).toEqual([{ key: "connections.max", before: null, after: null, hot: true }]);
    }
  });
});

test("gives one name one alias everywhere, down to the keys of the samples", async () => {
  const target = targetOf(await plant(), "incident");
  const { incident } = await publicView(target, everything);
  expect(incident?.serverIds).toEqual(["Server 1"]);
  expect(incident?.lead).toBe("Responder 1");
  expect(incident?.title).toBe("Server 2 and Server 1 late, told by Responder 1 from 198.51.100.x");
  expect(incident?.cause).toBe("Responder 3 found …stats slow for 2001:db8:5::/48 on 服务器Server 1宕机");
  const snapshot = incident?.snapshot;
  expect(snapshot?.serverId).toBe("Server 1");
  expect(snapshot?.server?.server).toMatchObject({ id: "Server 1", name: "Server 1", region: "eu-west" });
  expect(Object.keys(snapshot?.samples.series ?? {})).toEqual(["server:Server 1"]);
  expect(snapshot?.server?.markers.map((m) => [m.serverId, m.by])).toEqual([
    ["Server 1", "Responder 2"],
    ["Server 1", "Responder 2"],
  ]);
  expect(snapshot?.path).toBe("/servers/Server%201/connections?idle_gt=60");
  expect(snapshot?.connections?.page.rows.map((row) => [row.id, row.remote_ip, row.remote_port])).toEqual([
    ["c-1", "203.0.113.x", 0],
    ["c-2", "2001:db8:5::/48", 0],
  ]);
  expect(snapshot?.connections?.byNetwork?.networks[0]?.network).toBe("203.0.113.x");
  expect(snapshot?.connections?.closed?.closes[0]).toMatchObject({
    remote_ip: "198.51.100.x",
    reason: "cut by Responder 2 for 198.51.100.x",
  });
});

test("says where a text was left out", async () => {
  const target = targetOf(await plant(), "incident");
  const { incident } = await publicView(target, { ...nothing, notes: true });
  const entries = incident?.timeline.map(({ kind, hidden, text }) => ({ kind, hidden, text }));
  expect(entries).toContainEqual({ kind: "note", hidden: true, text: null });
  expect(entries).toContainEqual({ kind: "action", hidden: true, text: null });
  expect(entries).toContainEqual({ kind: "declared", hidden: false, text: null });
});

test("shows an incident as it stood when it was shared", async () => {
  const planted = await plant();
  const { link, token } = await share(targetOf(planted, "incident"), nothing);
  await parts.incidents.addNote(operator, planted.incidentId, "for our own eyes");
  const view = await parts.links.open(token);
  expect(view).toMatchObject({ sharedAtMs: link.createdAtMs, expiresAtMs: link.expiresAtMs, snapshot: null });
  expect(JSON.stringify(view)).not.toContain("for our own eyes");
});

test("keeps the token's hash alone", async () => {
  const planted = await plant();
  const { link, token } = await share(targetOf(planted, "snapshot"), everything);
  expect(link.url).toBe(`https://watch.example.test/i/${token}`);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  for (const table of ["links", "audit_records"] as const) {
    const rows = await parts.db.selectFrom(table).selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  }
  expect(JSON.stringify(await parts.links.list({ snapshotId: planted.snapshotId }))).not.toContain(token);
});

test("opens after a restart until it expires or is revoked, and then looks like one that never was", async () => {
  const target = targetOf(await plant(), "snapshot");
  const short = await share(target, everything, 60);
  const long = await share(target, everything);
  await parts.stop({ keep: true });
  parts = await startConsoleParts(members(), { now: clock.now, folder: parts.folder });
  expect((await parts.links.open(short.token))?.snapshot?.id).toBe(
    short.link.target.kind === "snapshot" ? short.link.target.snapshotId : "",
  );
  expect(await parts.links.open(long.token)).not.toBeNull();
  clock.forward(60_000);
  expect(await parts.links.open(short.token)).toBeNull();
  expect(await parts.links.open(long.token)).not.toBeNull();
  const revoked = await parts.links.revoke(operator, long.link.id);
  expect(revoked.revokedAtMs).not.toBeNull();
  expect(await parts.links.open(long.token)).toBeNull();
  expect((await parts.links.revoke(operator, long.link.id)).revokedAtMs).toBe(revoked.revokedAtMs);
  for (const token of ["", "x", "A".repeat(43), "../../etc/passwd", `${long.token}A`]) {
    expect(await parts.links.open(token)).toBeNull();
  }
});

test("lists links by what they show, with when they were last opened", async () => {
  const planted = await plant();
  const one = await share(targetOf(planted, "snapshot"), everything);
  clock.forward(1_000);
  const two = await share(targetOf(planted, "incident"), nothing);
  const ids = async (filter: { snapshotId?: string; incidentId?: string }) =>
    (await parts.links.list(filter)).map((link) => link.id);
  expect(await ids({})).toEqual([two.link.id, one.link.id]);
  expect(await ids({ snapshotId: planted.snapshotId })).toEqual([one.link.id]);
  expect(await ids({ incidentId: planted.incidentId })).toEqual([two.link.id]);
  await parts.links.open(one.token);
  const opened = await parts.links.list({ snapshotId: planted.snapshotId });
  expect(opened[0]?.lastOpenedAtMs).toBeGreaterThan(one.link.createdAtMs);
  expect(opened[0]?.redaction).toEqual(everything);
});

test("refuses viewers, unknown targets and expiries out of range", async () => {
  const planted = await plant();
  const target = targetOf(planted, "snapshot");
  const request = { target, expiresInSeconds: 3_600, redaction: everything };
  await expect(parts.links.create(viewer, request)).rejects.toMatchObject({ code: "FORBIDDEN" });
  const { link } = await share(target, everything);
  await expect(parts.links.revoke(viewer, link.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(parts.links.revoke(operator, "made-up")).rejects.toMatchObject({ code: "UNKNOWN_LINK" });
  const refused = (change: Partial<LinkRequest>) => parts.links.create(operator, { ...request, ...change });
  await expect(refused({ target: { kind: "snapshot", snapshotId: "no" } })).rejects.toMatchObject({
    code: "UNKNOWN_SNAPSHOT",
  });
  await expect(refused({ target: { kind: "incident", incidentId: "INC-9" } })).rejects.toMatchObject({
    code: "UNKNOWN_INCIDENT",
  });
  await expect(refused({ expiresInSeconds: 91 * 86_400 })).rejects.toMatchObject({ code: "INVALID_BODY" });
});
