import type { Page } from "@playwright/test";
import type { FleetSnapshot, ServerState } from "../lib/contract/console-api";
import { fleetFigure, fleetRow, stripFigure } from "./fixtures/figures";
import type { Fleet } from "./fixtures/fleet";
import { admin } from "./fixtures/people";
import { expect, test } from "./fixtures/test";
import { say } from "./fixtures/texts";

async function rowSays(page: Page, server: string, state: ServerState): Promise<void> {
  const word = fleetRow(page, server).locator(`[data-state="${state}"]`);
  await expect(word).toHaveText(say(`common.state.${state}`));
}

async function stateOf(page: Page, server: string) {
  const snapshot = (await (await page.request.get("/api/fleet")).json()) as FleetSnapshot;
  const found = snapshot.servers.find(({ id }) => id === server);
  if (!found) throw new Error(`${server} is not in the fleet`);
  return found;
}

/** The row's figure follows clients that come and go. */
async function staysLive(page: Page, fleet: Fleet, server: string, count: number): Promise<void> {
  const figure = fleetFigure(page, server, "active_connections");
  const service = fleet.service(server);
  await service.connect(count);
  await expect(figure).toHaveText(String(count));
  await service.closeClients();
  await expect(figure).toHaveText("0");
}

test("a killed service turns down with why and since when, the others stay live, and it comes back", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(admin);
  await page.goto("/");
  await rowSays(page, "ws-eu-1", "healthy");
  const service = fleet.service("ws-eu-1");

  const killedAtMs = Date.now();
  await service.kill();
  await rowSays(page, "ws-eu-1", "down");
  await expect(fleetRow(page, "ws-eu-1").getByText(say("health.refused"))).toBeVisible();
  const { sinceMs } = await stateOf(page, "ws-eu-1");
  expect(sinceMs).toBeGreaterThan(killedAtMs - 1_500);
  expect(sinceMs).toBeLessThanOrEqual(Date.now());
  await rowSays(page, "ws-us-1", "healthy");
  await staysLive(page, fleet, "ws-us-1", 7);

  const clock = new Date(sinceMs).toISOString().slice(11, 19);
  await fleetRow(page, "ws-eu-1").getByRole("link", { name: "ws-eu-1" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "ws-eu-1" })).toBeVisible();
  await expect(
    page.getByRole("status").filter({ hasText: say("server.trouble.down", { time: clock }) }),
  ).toBeVisible();

  await service.start();
  await expect(page.locator('main header [data-state="healthy"]')).toBeVisible();
  await service.connect(4);
  await expect(stripFigure(page, "ws-eu-1", "active_connections")).toHaveText("4");
  await page.goto("/");
  await rowSays(page, "ws-eu-1", "healthy");
});

test("a service that holds still is hanging, not down", async ({ openBrowser, fleet }) => {
  const page = await openBrowser(admin);
  await page.goto("/");
  await rowSays(page, "ws-us-1", "healthy");
  const service = fleet.service("ws-us-1");
  service.freeze();
  try {
    await rowSays(page, "ws-us-1", "hanging");
    await expect(fleetRow(page, "ws-us-1").getByText(/^Connects, does not answer within/)).toBeVisible();
    await staysLive(page, fleet, "ws-eu-1", 6);
  } finally {
    service.thaw();
  }
  await rowSays(page, "ws-us-1", "healthy");
});

test("a member that answers badly says what is wrong in its row, and the others stay live", async ({
  openBrowser,
  fleet,
}) => {
  const { id, member } = fleet.misbehaving;
  const page = await openBrowser(admin);
  await page.goto("/");
  const row = fleetRow(page, id);
  const cases = [
    ["html", "mismatch", say("health.html")],
    ["half-json", "mismatch", say("health.broken_json")],
    ["nan", "mismatch", say("health.broken_json")],
    ["wrong-types", "mismatch", /^Answers something else at messages\.out_total/],
    ["huge", "mismatch", /^Answers more than [\d,]+ bytes/],
    ["hang", "hanging", /^Connects, does not answer within/],
    ["empty", "down", say("health.empty")],
  ] as const;
  let clients = 3;
  try {
    for (const [mode, state, reason] of cases) {
      member.mode = mode;
      await expect(row.getByText(reason).first(), `the row while it answers ${mode}`).toBeVisible();
      await rowSays(page, id, state);
      const { sinceMs } = await stateOf(page, id);
      expect(sinceMs).toBeLessThanOrEqual(Date.now());
      await fleet.service("ws-eu-1").connect(1);
      clients += 1;
      await expect(fleetFigure(page, "ws-eu-1", "active_connections")).toHaveText(String(clients - 3));
    }
    member.mode = "ok";
    await rowSays(page, id, "healthy");
    await expect(fleetFigure(page, id, "active_connections")).toHaveText("100");
  } finally {
    member.mode = "html";
  }
});

test("without the push the page says so, goes on by polling, and goes back to the push by itself", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(admin);
  let blocked = false;
  const open = new Set<{ close(): Promise<void> }>();
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    if (blocked) return void socket.close();
    socket.connectToServer();
    open.add(socket);
  });
  await page.goto("/servers/ws-eu-1");
  const word = page.locator("[data-live]").first();
  const bar = page.getByRole("status").filter({ hasText: say("shell.push.down") });
  const figure = stripFigure(page, "ws-eu-1", "active_connections");
  await expect(word).toHaveText(say("shell.live.live"));
  await expect(bar).toBeHidden();
  expect(open.size, "the push ran through this test").toBeGreaterThan(0);

  blocked = true;
  for (const socket of open) await socket.close();
  await expect(bar).toBeVisible();
  await expect(bar).toContainText("polling every 2 s");
  await expect(word).toHaveText(say("shell.live.polling"));
  await fleet.service("ws-eu-1").connect(9);
  await expect(figure).toHaveText("9");

  blocked = false;
  await expect(word).toHaveText(say("shell.live.live"), { timeout: 30_000 });
  await expect(bar).toBeHidden();
  await fleet.service("ws-eu-1").connect(2);
  await expect(figure).toHaveText("11");
});
