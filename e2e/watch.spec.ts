import type { Locator } from "@playwright/test";
import type { DataService } from "./fixtures/data-service";
import { fleetFigure, stripFigure } from "./fixtures/figures";
import { type LiveRows, recordLiveRows } from "./fixtures/live-rows";
import { admin } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

/**
 * Lets clients connect and holds that the second sample after it tells them all, and that the page shows it
 * before two more have come.
 */
async function seesClientsConnect(service: DataService, figure: Locator, rows: LiveRows, count: number) {
  const { active_connections: before } = (await service.stats()).connections;
  await expect(figure).toHaveText(String(before));
  await expect.poll(() => rows.all().length, "live rows come").toBeGreaterThan(1);

  await service.connect(count);
  const newest = rows.all().at(-1)?.slotMs ?? 0;
  const later = () => rows.all().filter((row) => row.slotMs > newest);
  const expected = String(before + count);
  let rowsWhenShown = 0;
  await expect
    .poll(
      async () => {
        rowsWhenShown = later().length;
        return figure.textContent();
      },
      { intervals: [50] },
    )
    .toBe(expected);
  await expect.poll(() => later().length).toBeGreaterThanOrEqual(2);

  expect(
    later()
      .slice(0, 2)
      .map((row) => row.values.active_connections),
  ).toContain(before + count);
  expect(rowsWhenShown, "samples until the page showed it").toBeLessThanOrEqual(3);
  expect((await service.stats()).connections.active_connections).toBe(before + count);
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
