import type { Locator, Page } from "@playwright/test";
import type { FleetSnapshot } from "../lib/contract/console-api";
import type { DataService } from "./fixtures/data-service";
import { fleetFigure, stripFigure } from "./fixtures/figures";
import { type LiveRows, recordLiveRows } from "./fixtures/live-rows";
import { admin } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

/**
 * Lets clients connect and holds that the second sample that is pushed after it tells them all, and that the
 * page shows it before the console has taken two more.
 */
async function seesClientsConnect(service: DataService, figure: Locator, rows: LiveRows, count: number) {
  const { active_connections: before } = (await service.stats()).connections;
  await expect(figure).toHaveText(String(before));
  await expect.poll(() => rows.all().length, "live rows come").toBeGreaterThan(1);

  await service.connect(count);
  const newestSlot = rows.all().at(-1)?.slotMs ?? 0;
  const later = () => rows.all().filter((row) => row.slotMs > newestSlot);
  const newestSample = await sampledAt(figure.page(), service.id);
  // by the console's own count, since a push that lags would hide its lag
  const samples = new Set<number>();
  await expect
    .poll(
      async () => {
        samples.add(await sampledAt(figure.page(), service.id));
        return figure.textContent();
      },
      { intervals: [50] },
    )
    .toBe(String(before + count));
  samples.delete(newestSample);
  expect(samples.size, "samples until the page showed it").toBeLessThanOrEqual(3);

  await expect.poll(() => later().length).toBeGreaterThanOrEqual(2);
  const pushed = later().map((row) => row.values.active_connections);
  expect(pushed.slice(0, 2)).toContain(before + count);
  expect((await service.stats()).connections.active_connections).toBe(before + count);
}

/** When the console last had a good sample of a server. */
async function sampledAt(page: Page, server: string): Promise<number> {
  const fleet = (await (await page.request.get("/api/fleet")).json()) as FleetSnapshot;
  return fleet.servers.find(({ id }) => id === server)?.lastSampleAtMs ?? 0;
}

test("a server's page counts clients within two polls of their connecting", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(admin);
  const service = fleet.service("ws-eu-1");
  const rows = recordLiveRows(page, "server", "server:ws-eu-1");
  await page.goto("/servers/ws-eu-1");
  const figure = stripFigure(page, "ws-eu-1", "active_connections");

  await seesClientsConnect(service, figure, rows, 37);
  await service.closeClients();
  await expect(figure).toHaveText("0");
});

test("the fleet counts clients within two polls of their connecting, each server for itself", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(admin);
  const rows = recordLiveRows(page, "fleet", "server:ws-us-1");
  await fleet.service("ws-eu-1").connect(5);
  await page.goto("/");
  await expect(fleetFigure(page, "ws-eu-1", "active_connections")).toHaveText("5");

  const figure = fleetFigure(page, "ws-us-1", "active_connections");
  await seesClientsConnect(fleet.service("ws-us-1"), figure, rows, 23);
  await expect(fleetFigure(page, "ws-eu-1", "active_connections")).toHaveText("5");
  await expect(page.locator('[data-metric="active_connections"][data-server="fleet"]').first()).toHaveText(
    "28",
  );
});
