import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { ActionKind } from "../lib/contract/console-api";
import { admin } from "./fixtures/people";
import { expect, test } from "./fixtures/test";
import { say } from "./fixtures/texts";

const server = "ws-ap-1";

/** Opens the dialog of an action on the server's page. */
async function openAction(page: Page, kind: ActionKind): Promise<Locator> {
  await page.goto(`/servers/${server}`);
  const buttons = page.getByRole("group", { name: say("server.actions", { server }) });
  await buttons.getByRole("button", { name: say(`common.action.${kind}`) }).click();
  const dialog = page.getByRole("dialog", { name: say(`actions.title.${kind}`, { server }) });
  await expect(dialog).toBeVisible();
  return dialog;
}

test("a clean-up closes the idle sockets that its preview counted, and only those", async ({
  openBrowser,
  fleet,
}) => {
  const service = fleet.service(server);
  const idle = await service.connect(30);
  const busy = await service.connect(20, { topic: "ticker.BTC-USD" });
  const codes: number[] = [];
  for (const client of idle) client.on("close", (code) => codes.push(code));

  const page = await openBrowser(admin);
  const dialog = await openAction(page, "cleanup-connections");
  const idleOver = dialog.getByLabel(say("actions.match.before.idleSeconds"), { exact: true });
  const figure = (key: string) => dialog.locator(`[data-figure="${key}"]`).getByRole("definition");
  await expect(figure("close")).toHaveText("0");
  await idleOver.fill("1");
  await expect(figure("close")).toHaveText(String(idle.length));
  await expect(figure("stay")).toHaveText(String(busy.length));

  // over a quarter of the server: reason and name stand between the click and the act
  const confirm = dialog.getByRole("button", {
    name: say("actions.confirm.cleanup-connections.known", { count: 30, number: "30" }),
  });
  await expect(confirm).toBeDisabled();
  await expect(dialog.getByText(say("actions.obstacle.reason", { count: 8 }))).toBeVisible();
  const reason = "idle sockets of the e2e run";
  await dialog.getByLabel(say("actions.reason.label")).fill(reason);
  await expect(dialog.getByText(say("actions.obstacle.name"))).toBeVisible();
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel(say("actions.name.label", { server })).fill(server);
  await confirm.click();

  const result = page.getByRole("dialog").filter({ hasText: say("common.actionState.succeeded") });
  const outcome = { closed: 30, total: 30, gone: 0, spared: 0, back: 0 };
  await expect(result.getByRole("status")).toHaveText(say("actions.outcome.cleanup", outcome));
  await expect.poll(() => codes.length).toBe(idle.length);
  // 4001: closed by the operators of this server
  expect(new Set(codes)).toEqual(new Set([4001]));
  expect(busy.every((client) => client.connected)).toBe(true);
  expect((await service.stats()).connections.active_connections).toBe(busy.length);

  const open = result
    .getByRole("row")
    .filter({ hasText: say("metrics.active_connections") })
    .first();
  await expect(open.getByRole("cell").first()).toContainText("50");
  await expect(open.getByRole("cell").nth(1)).toContainText("20");
  await result.getByRole("button", { name: say("common.done") }).click();

  const rows = fleet.console.auditRows();
  const [intent, ...more] = rows.filter((row) => row.reason === reason && row.phase === "intent");
  expect(more).toEqual([]);
  expect(intent).toMatchObject({ who: admin.name, role: "admin", target: server });
  const ofAction = rows.filter((row) => row.action_id === intent?.action_id);
  expect(ofAction.map((row) => row.phase)).toEqual(["intent", "result"]);
  expect(ofAction[1]?.outcome).toContain("succeeded");

  // the mark stands on every chart, under the number that the action has everywhere
  const answer = await page.request.get(`/api/actions?serverId=${server}`);
  const { actions } = (await answer.json()) as { actions: { id: string; number: number }[] };
  const number = actions.find((action) => action.id === intent?.action_id)?.number;
  expect(number).toBeGreaterThan(0);
  const charts = page.getByRole("region", { name: say("server.charts.label") });
  const mark = charts.getByRole("img", { name: new RegExp(`^${number}: .*${server}`) });
  await expect(mark.first()).toHaveText(String(number));
  expect(await mark.count()).toBe(6);
});

test("connections that are picked by hand are closed, and no others", async ({ openBrowser, fleet }) => {
  const service = fleet.service(server);
  const clients = await service.connect(10, { topic: "ticker.BTC-USD" });
  const codes: number[] = [];
  for (const client of clients) client.on("close", (code) => codes.push(code));
  const ids = (await service.connections()).map(({ id }) => id);
  expect(ids.length).toBe(10);
  const picked = ids.slice(3, 5);

  const page = await openBrowser(admin);
  await page.goto(`/servers/${server}/connections`);
  for (const id of picked) {
    await page.getByRole("checkbox", { name: say("connections.selectRow", { id }) }).check();
  }
  const bar = page.getByRole("region", { name: say("connections.selection.label") });
  await expect(bar).toContainText(say("connections.selection.count", { count: 2 }));
  await bar.getByRole("button", { name: say("connections.selection.close", { count: 2 }) }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator('[data-figure="close"]').getByRole("definition")).toHaveText("2");
  await dialog.getByLabel(say("actions.reason.label")).fill("these two were picked by hand");
  await dialog
    .getByRole("button", {
      name: say("actions.confirm.cleanup-connections.known", { count: 2, number: "2" }),
    })
    .click();
  await expect(dialog.getByText(say("common.actionState.succeeded"))).toBeVisible();
  await expect.poll(() => codes).toEqual([4001, 4001]);
  const left = (await service.connections()).map(({ id }) => id);
  expect(left.toSorted()).toEqual(ids.filter((id) => !picked.includes(id)).toSorted());

  await dialog.getByRole("button", { name: say("common.done") }).click();
  for (const id of picked) await expect(page.locator(`[data-connection="${id}"]`)).toHaveCount(0);
  await expect(page.locator("[data-connection]")).toHaveCount(8);
});

test("a forced collection says how many bytes it freed", async ({ openBrowser, fleet }) => {
  const service = fleet.service(server);
  service.configure({ publish: { allow: ["load.*"] } });
  const page = await openBrowser(admin);
  const reload = await openAction(page, "reload-config");
  await reload.getByLabel(say("actions.reason.label")).fill("lets the test publish");
  await reload.getByRole("button", { name: /^Reload 1 key/ }).click();
  await expect(page.getByRole("dialog").getByRole("status")).toHaveText(
    say("actions.outcome.reload", { applied: 1, restart: 0 }),
  );

  // large strings are only ever freed by a full collection
  const [publisher] = await service.connect(1);
  for (let i = 0; i < 30; i++) {
    expect(await publisher?.publish("load.garbage", `${i}${"x".repeat(900_000)}`)).toMatchObject({
      ok: true,
    });
  }
  const dialog = await openAction(page, "force-gc");
  await expect(dialog.locator('[data-figure="heap"]').getByRole("definition")).toHaveText(/MiB$/);
  await dialog.getByLabel(say("actions.reason.label")).fill("memory after the test's load");
  await dialog
    .getByRole("button", { name: say("actions.confirm.force-gc.known", { server, count: 0, number: "" }) })
    .click();
  const outcome = page.getByRole("dialog").getByRole("status");
  await expect(outcome).toHaveText(/^Freed \d[\d.,]* (KiB|MiB|GiB) in \d+ isolates?, pause /);

  const { actions } = (await (await page.request.get(`/api/actions?serverId=${server}`)).json()) as {
    actions: { kind: string; gc: { freed_bytes: number } | null }[];
  };
  expect(actions[0]).toMatchObject({ kind: "force-gc" });
  expect(actions[0]?.gc?.freed_bytes).toBeGreaterThan(0);
});

test("a changed configuration file is compared first and applied then", async ({ openBrowser, fleet }) => {
  const service = fleet.service(server);
  const limitNow = async () => ((await service.config()).connections as { max: number }).max;
  service.configure({ connections: { max: 1_000 } });
  const page = await openBrowser(admin);
  // whatever an earlier test left in force
  const before = await limitNow();
  service.configure({ connections: { max: 1_234 } });

  const dialog = await openAction(page, "reload-config");
  const change = dialog.getByRole("listitem").filter({ hasText: "connections.max" });
  await expect(change).toContainText(new RegExp(`before: \\W*${before}after: \\W*1234`));
  await expect(change).toContainText(say("actions.reload.hot"));
  expect(await limitNow(), "a preview changes nothing").toBe(before);

  await dialog.getByLabel(say("actions.reason.label")).fill("more room for the e2e run");
  await dialog.getByRole("button", { name: /^Reload \d key/ }).click();
  await expect(page.getByRole("dialog").getByRole("status")).toHaveText(/^Applied \d keys?\./);
  expect(await limitNow()).toBe(1_234);

  // broken: its mistakes are told with their lines, and what runs goes on
  const good = readFileSync(service.configFile, "utf8");
  const broken = good.replace("max: 1234", "max: plenty");
  expect(broken).not.toBe(good);
  const line = broken.split("\n").findIndex((text) => text.includes("max: plenty")) + 1;
  service.configureText(broken);
  const again = await openAction(page, "reload-config");
  const mistake = again.getByRole("listitem").filter({ hasText: "connections.max" });
  await expect(mistake).toContainText(`Line ${line}.`);
  await again.getByLabel(say("actions.reason.label")).fill("a try with a broken file");
  await expect(again.getByText(say("actions.obstacle.mistakes"))).toBeVisible();
  await expect(again.getByRole("button", { name: /^Reload/ })).toBeDisabled();
  expect(await limitNow()).toBe(1_234);
  service.configure({});
});
