import type { Page } from "@playwright/test";
import type { Incident, Link, Snapshot } from "../lib/contract/console-api";
import { stripFigure } from "./fixtures/figures";
import { admin, operator, viewer } from "./fixtures/people";
import { copyLink, figuresOn, openShare } from "./fixtures/share";
import { expect, test } from "./fixtures/test";
import { say } from "./fixtures/texts";

/** Asks as the page itself would, with its session, and answers status and code. */
function post(page: Page, path: string, body: unknown): Promise<{ status: number; code: string }> {
  return page.evaluate(
    async ([to, sent]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(to, { method: "POST", headers, body: sent });
      const { error } = (await answer.json()) as { error?: { code: string } };
      return { status: answer.status, code: error?.code ?? "" };
    },
    [path, JSON.stringify(body)] as const,
  );
}

test("a view shared in two clicks opens the same for a colleague after a restart and the server's death", async ({
  openBrowser,
  ownFleet,
}) => {
  const { console } = ownFleet;
  const shared = ownFleet.service("ws-eu-1");
  await shared.connect(12, { topic: "ticker.BTC-USD" });
  const page = await openBrowser(admin, {
    fleet: ownFleet,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.goto("/servers/ws-eu-1");
  await expect(stripFigure(page, "ws-eu-1", "active_connections")).toHaveText("12");
  // some seconds of samples, so that there is a window to freeze
  await expect
    .poll(async () => {
      const query = `keys=server:ws-eu-1&metrics=active_connections&fromMs=0&toMs=${Date.now()}`;
      const window = (await (await page.request.get(`/api/history?${query}`)).json()) as {
        series: Record<string, { active_connections?: (number | null)[] }>;
      };
      const values = window.series["server:ws-eu-1"]?.active_connections ?? [];
      return values.filter((value) => value === 12).length;
    })
    .toBeGreaterThanOrEqual(3);
  const url = await copyLink(await openShare(page));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  const path = new URL(url).pathname;

  await page.goto(path);
  await expect(stripFigure(page, "ws-eu-1", "active_connections")).toHaveText("12");
  const frozen = await figuresOn(page);
  expect(frozen.length).toBeGreaterThan(7);
  const stored = (await (await page.request.get(`/api${path}`)).json()) as Snapshot;
  expect(stored.samples.timesMs.length).toBeGreaterThanOrEqual(3);

  await shared.kill();
  expect(await console.stop(), `the console ends cleanly:\n${console.output().slice(-2_000)}`).toBe(0);
  await console.start();

  const colleague = await openBrowser(viewer, { fleet: ownFleet });
  await colleague.goto("/servers/ws-eu-1");
  await expect(colleague.locator('main header [data-state="down"]')).toBeVisible();
  await colleague.goto(path);
  await expect(
    colleague.getByRole("note").filter({ hasText: `Frozen by ${admin.name}` }),
    "who froze it",
  ).toBeVisible();
  await expect.poll(() => figuresOn(colleague)).toEqual(frozen);
  expect(await (await colleague.request.get(`/api${path}`)).json()).toEqual(stored);
  // no remedy stands on a frozen view
  await expect(colleague.getByRole("button", { name: say("common.action.force-gc") })).toHaveCount(0);

  // what a viewer may not do is refused by the server, whatever a page would show
  await colleague.goto("/servers/ws-us-1");
  const buttons = colleague.getByRole("group", { name: say("server.actions", { server: "ws-us-1" }) });
  await expect(buttons.getByRole("button")).toHaveCount(3);
  for (const button of await buttons.getByRole("button").all()) await expect(button).toBeDisabled();
  for (const kind of ["cleanup-connections", "force-gc", "reload-config"]) {
    const actionPath = `/api/servers/ws-us-1/actions/${kind}`;
    expect(await post(colleague, `${actionPath}/preview`, {})).toEqual({ status: 403, code: "FORBIDDEN" });
    expect(
      await post(colleague, actionPath, { previewId: "guessed", reason: "by hand, past the page" }),
    ).toEqual({ status: 403, code: "FORBIDDEN" });
  }
  const refusals = console.auditRows().filter((row) => row.what === "request.refused");
  expect(refusals.length).toBe(6);
  expect(refusals[0]).toMatchObject({ who: viewer.name, role: "viewer", phase: "event" });
  expect(refusals.map((row) => row.target)).toContain("POST /api/servers/ws-us-1/actions/force-gc");

  // the one who shared it is still signed in after the restart
  await page.goto("/");
  await expect(page).not.toHaveURL(/\/login/);
});

test("an incident opened with a view holds the snapshot and what was done about it", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(operator);
  await page.goto("/servers/ws-us-1");
  await expect(stripFigure(page, "ws-us-1", "active_connections")).toHaveText("0");
  const panel = await openShare(page);
  await panel.getByRole("checkbox", { name: say("share.incident.open") }).check();
  const title = "Prices late in us-east";
  await panel.getByLabel(say("share.incident.name")).fill(title);
  await panel.getByRole("button", { name: /^Severity: / }).click();
  await page.getByRole("menuitemradio", { name: say("common.severity.sev1") }).click();
  const snapshotUrl = await copyLink(panel);
  await page.keyboard.press("Escape");

  // something is done about it
  await page.getByRole("button", { name: say("common.action.force-gc") }).click();
  const dialog = page.getByRole("dialog");
  const reason = "heap grew with the late prices";
  await dialog.getByLabel(say("actions.reason.label")).fill(reason);
  await dialog.getByRole("button", { name: /^Force GC on/ }).click();
  await expect(dialog.getByText(say("common.actionState.succeeded"))).toBeVisible();
  await dialog.getByRole("button", { name: say("common.done") }).click();

  await page.goto("/incidents");
  const row = page.getByRole("row").filter({ hasText: title });
  await expect(row).toContainText(say("common.severity.sev1"));
  await expect(row).toContainText(say("common.incidentStatus.open"));
  await row.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const timeline = page.getByRole("region", { name: say("incidents.timeline.title") });
  const entries = timeline.getByRole("listitem");
  const action = entries.filter({
    hasText: say("incidents.timeline.action", {
      action: say("common.action.force-gc"),
      server: "ws-us-1",
    }),
  });
  await expect(action).toHaveCount(1);
  await expect(action).toContainText(reason);
  await expect(entries.filter({ hasText: say("incidents.timeline.declared") })).toHaveCount(1);
  const snapshot = entries.filter({ hasText: say("incidents.timeline.snapshot") });
  await expect(snapshot.getByRole("link", { name: say("incidents.timeline.openSnapshot") })).toHaveAttribute(
    "href",
    new URL(snapshotUrl).pathname,
  );

  // resolved again, so that it does not stand on the pages of other tests
  await page.getByRole("button", { name: say("incidents.page.resolve") }).click();
  const resolve = page.getByRole("dialog");
  await resolve.getByRole("button", { name: say("incidents.resolveDialog.submit") }).click();
  await expect(page.getByRole("button", { name: say("incidents.page.reopen") })).toBeVisible();
  expect(fleet.console.auditRows().filter((row) => row.who === operator.name).length).toBeGreaterThan(0);
});

test("a public link opens without a session, tells no secret, and opens nothing once it is revoked", async ({
  openBrowser,
  fleet,
}) => {
  const address = "127.77.88.99";
  const reason = "the purple zebra asked for it";
  await fleet.service("ws-us-1").connect(6, { from: address });
  const page = await openBrowser(operator);
  await page.goto("/servers/ws-us-1/connections");
  // what is to be hidden is really there
  await expect(page.getByText(address).first()).toBeVisible();
  const dialogOpener = page.getByRole("button", { name: say("common.action.force-gc") });
  await dialogOpener.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say("actions.reason.label")).fill(reason);
  await dialog.getByRole("button", { name: /^Force GC on/ }).click();
  await expect(dialog.getByText(say("common.actionState.succeeded"))).toBeVisible();
  await dialog.getByRole("button", { name: say("common.done") }).click();

  const panel = await openShare(page);
  await panel.getByRole("radio", { name: new RegExp(`^${say("share.anyone")}`) }).check();
  await panel.getByRole("button", { name: new RegExp(`^${say("share.expires")}: `) }).click();
  await page.getByRole("menuitemradio", { name: say("share.expiry.1h") }).click();
  for (const kept of ["clientIps", "userNames", "notes"] as const) {
    const name = new RegExp(`^${say(`share.redaction.${kept}`)}`);
    await expect(panel.getByRole("switch", { name })).toBeChecked();
  }
  const madeAtMs = Date.now();
  const url = await copyLink(panel);
  expect(new URL(url).pathname).toMatch(/^\/i\/[\w-]{20,}$/);
  const { links } = (await (await page.request.get("/api/links")).json()) as { links: Link[] };
  const link = links.find(({ revokedAtMs }) => revokedAtMs === null);
  expect(Math.abs((link?.expiresAtMs ?? 0) - madeAtMs - 3_600_000)).toBeLessThan(30_000);

  // the view in full knows them: the search below is able to find them
  const stored = link?.target.kind === "snapshot" ? link.target.snapshotId : "";
  const full = await (await page.request.get(`/api/snapshots/${stored}`)).text();
  for (const secret of [address, operator.name, reason]) expect(full).toContain(secret);

  const stranger = await openBrowser(null);
  const answer = await stranger.goto(url);
  expect(answer?.status()).toBe(200);
  await expect(stranger.getByText(say("share.public.shared")).first()).toBeVisible();
  await expect(stranger.getByRole("heading", { level: 1, name: "ws-us-1" })).toBeVisible();
  await expect(stranger.getByText(say("share.public.hidden.clientIps"))).toBeVisible();
  // the rows that were on screen, their addresses cut to the network
  await expect(stranger.locator("[data-connection]")).toHaveCount(6);
  await expect(stranger.locator("[data-connection]").first()).toContainText("127.77.88.x");
  const sent = ((await answer?.body()) ?? "").toString();
  const shown = await stranger.content();
  const { token, adminUrl } = fleet.service("ws-us-1");
  const secrets = [address, operator.name, reason, token, new URL(adminUrl).host];
  for (const secret of secrets) {
    expect(sent).not.toContain(secret);
    expect(shown).not.toContain(secret);
  }
  await expect(stranger.getByRole("button", { name: say("common.action.force-gc") })).toHaveCount(0);
  expect((await stranger.request.get("/api/fleet")).status()).toBe(401);
  expect((await stranger.request.get(`/api/snapshots/${stored}`)).status()).toBe(401);

  await panel.getByRole("button", { name: say("share.links.manage") }).click();
  await panel
    .getByRole("list", { name: say("share.links.heading") })
    .getByRole("button", { name: /^Revoke/ })
    .first()
    .click();
  await expect(page.getByText(say("share.toast.revoked"))).toBeVisible();
  const gone = await stranger.goto(url);
  expect(gone?.status()).toBe(404);
  const mainText = () => stranger.getByRole("main").textContent();
  await expect(stranger.getByText(say("share.public.goneTitle"))).toBeVisible();
  const afterRevoking = await mainText();
  const unknown = await stranger.goto(`/i/${"A".repeat(43)}`);
  expect(unknown?.status()).toBe(404);
  await expect(stranger.getByText(say("share.public.goneTitle"))).toBeVisible();
  expect(await mainText()).toBe(afterRevoking);
});

test("what was acknowledged survives the console being killed at once", async ({ openBrowser, ownFleet }) => {
  const { console } = ownFleet;
  const page = await openBrowser(admin, { fleet: ownFleet });
  await page.goto("/");
  const panel = await openShare(page);
  await panel.getByRole("checkbox", { name: say("share.incident.open") }).check();
  const title = "Console killed in the middle of it";
  await panel.getByLabel(say("share.incident.name")).fill(title);
  const snapshotUrl = await copyLink(panel);
  await console.kill();
  await console.start();

  await page.goto(new URL(snapshotUrl).pathname);
  await expect(page.getByRole("note").filter({ hasText: `Frozen by ${admin.name}` })).toBeVisible();
  const incident = (await (await page.request.get("/api/incidents/INC-1")).json()) as Incident;
  expect(incident).toMatchObject({ title, status: "open" });
  expect(incident.snapshots.map(({ id }) => `/snapshots/${id}`)).toEqual([new URL(snapshotUrl).pathname]);
  await page.goto("/incidents/INC-1");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
});
