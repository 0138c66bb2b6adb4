import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { localeCookie } from "../lib/i18n/locales";
import { watchBrowser } from "./fixtures/browser-watch";
import { admin, type Person, signIn } from "./fixtures/people";
import { copyLink, openShare } from "./fixtures/share";
import { test as base, expect } from "./fixtures/test";
import { flatTexts, say } from "./fixtures/texts";

interface Shared {
  snapshot: string;
  publicLink: string;
  incident: string;
}

/** One incident with a snapshot and a public link, so that each kind of page has something to show. */
const test = base.extend<object, { shared: Shared }>({
  shared: [
    async ({ browser, fleet }, use) => {
      const context = await browser.newContext({ baseURL: fleet.console.url });
      await signIn(context, fleet.console.url, admin);
      const page = await context.newPage();
      await page.goto("/servers/ws-eu-1");
      const panel = await openShare(page);
      await panel.getByRole("checkbox", { name: say("share.incident.open") }).check();
      await panel.getByLabel(say("share.incident.name")).fill("A page to look at");
      const snapshot = new URL(await copyLink(panel)).pathname;
      await panel.getByRole("radio", { name: new RegExp(`^${say("share.anyone")}`) }).check();
      const publicLink = new URL(await copyLink(panel)).pathname;
      const list = await page.request.get("/api/incidents?q=A page to look at");
      const { incidents } = (await list.json()) as { incidents: { id: string }[] };
      await context.close();
      await use({ snapshot, publicLink, incident: `/incidents/${incidents[0]?.id}` });
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

const pages: { name: string; who: Person | null; path: (shared: Shared) => string }[] = [
  { name: "login", who: null, path: () => "/login" },
  { name: "the fleet", who: admin, path: () => "/" },
  { name: "a server's overview", who: admin, path: () => "/servers/ws-eu-1" },
  { name: "a server's connections", who: admin, path: () => "/servers/ws-eu-1/connections" },
  { name: "the incidents", who: admin, path: () => "/incidents" },
  { name: "an incident", who: admin, path: ({ incident }) => incident },
  { name: "a snapshot", who: admin, path: ({ snapshot }) => snapshot },
  { name: "a public link", who: null, path: ({ publicLink }) => publicLink },
];

/** Opens it and waits until nothing of it is still loading. */
async function open(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("main").getByRole("heading").first()).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

async function violationsOn(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations, passes } = await (rules ? axe.withRules(rules) : axe).analyze();
  expect(passes.length, "something was checked").toBeGreaterThan(0);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`);
}

/** The page and its main part where they are wider than their box. */
function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, document.body, document.querySelector("main")]
      .filter((element) => element !== null)
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
  );
}

async function fitsAllWidths(page: Page): Promise<void> {
  for (const width of [390, 768, 1200, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    await expect.soft.poll(() => overflowOf(page), { message: `at ${width} px`, timeout: 5_000 }).toEqual([]);
  }
}

for (const { name, who, path } of pages) {
  test(`${name}: no accessibility violation in either theme, no sideways scroll`, async ({
    openBrowser,
    fleet,
    shared,
  }) => {
    await fleet.service("ws-eu-1").connect(8, { topic: "ticker.BTC-USD" });
    const page = await openBrowser(who);
    await open(page, path(shared));
    const lightSwitch = page.getByRole("button", { name: say("shell.theme.toLight") });
    await expect(lightSwitch.first()).toBeVisible();
    expect.soft(await violationsOn(page), "dark").toEqual([]);
    await lightSwitch.first().click();
    await expect(page.getByRole("button", { name: say("shell.theme.toDark") }).first()).toBeVisible();
    expect.soft(await violationsOn(page, ["color-contrast"]), "light").toEqual([]);
    await fitsAllWidths(page);
  });

  test(`${name}: speaks Chinese, without English leftovers or bare keys`, async ({
    openBrowser,
    fleet,
    shared,
  }) => {
    const page = await openBrowser(who);
    await page.context().addCookies([{ name: localeCookie, value: "zh-CN", url: fleet.console.url }]);
    await open(page, path(shared));
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
    const texts = await textsOn(page);
    expect(texts.filter((text) => /\p{Script=Han}/u.test(text)).length).toBeGreaterThan(5);
    const english = flatTexts("en");
    const leftovers = englishOnly();
    expect(leftovers.size).toBeGreaterThan(100);
    expect(texts.filter((text) => leftovers.has(text) || english.has(text))).toEqual([]);
  });
}

/** English texts without parameters that the Chinese files hold nowhere, as they hold names and units. */
function englishOnly(): Set<string> {
  const plain = [...flatTexts("en").values()].filter((text) => !/[{<]/.test(text));
  const chinese = new Set(flatTexts("zh-CN").values());
  return new Set(plain.filter((text) => !chinese.has(text)));
}

/** All that is read or spoken: text, names and hints. */
function textsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest("script, style")) texts.push(node.textContent ?? "");
    }
    for (const element of document.body.querySelectorAll("[aria-label], [title], [placeholder]")) {
      for (const name of ["aria-label", "title", "placeholder"]) texts.push(element.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.trim()).filter((text) => text !== "");
  });
}

test("the dialogs that act and share are accessible and fit a phone", async ({ openBrowser, fleet }) => {
  await fleet.service("ws-eu-1").connect(8);
  const page = await openBrowser(admin);
  await page.goto("/servers/ws-eu-1");
  const panel = await openShare(page);
  await panel.getByRole("radio", { name: new RegExp(`^${say("share.anyone")}`) }).check();
  await panel.getByRole("checkbox", { name: say("share.incident.open") }).check();
  expect.soft(await violationsOn(page), "share").toEqual([]);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();

  await page.getByRole("button", { name: say("common.action.cleanup-connections") }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator('[data-figure="close"]').getByRole("definition")).toHaveText("0");
  expect.soft(await violationsOn(page), "clean up").toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(dialog.getByRole("button", { name: say("common.cancel") })).toBeInViewport();
  await expect(dialog.getByLabel(say("actions.reason.label"))).toBeVisible();
  const box = await dialog.boundingBox();
  expect(box?.width).toBeLessThanOrEqual(390);
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
});

test("scripts run by nonce alone, and a breach of the policy would be noticed", async ({
  browser,
  fleet,
}) => {
  const { url } = fleet.console;
  const context = await browser.newContext({ baseURL: url });
  const watch = watchBrowser(context, url);
  const page = await context.newPage();
  const answer = await page.goto("/login");
  const policy = answer?.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  expect(policy).toContain("frame-ancestors 'none'");
  const again = await page.goto("/login");
  expect(again?.headers()["content-security-policy"]).not.toBe(policy);
  expect(watch.complaints).toEqual([]);

  await page.evaluate(async () => {
    document.body.insertAdjacentHTML("beforeend", '<img src="x:" onerror="document.title = `planted`">');
    await fetch("http://127.0.0.2:9/").catch(() => undefined);
  });
  await expect.poll(() => watch.complaints.some((line) => /inline/i.test(line))).toBe(true);
  await expect.poll(() => watch.complaints.some((line) => line.includes("127.0.0.2"))).toBe(true);
  expect(await page.title()).not.toBe("planted");
  await context.close();
});
