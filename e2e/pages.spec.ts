import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { localeCookie } from "../lib/i18n/locales";
import { watchBrowser } from "./fixtures/browser-watch";
import type { Fleet } from "./fixtures/fleet";
import { admin, type Person } from "./fixtures/people";
import { copyLink, openShare } from "./fixtures/share";
import { test as base, expect } from "./fixtures/test";
import { flatTexts, say } from "./fixtures/texts";

interface PageToTry {
  name: string;
  path: string;
  who: Person | null;
}

/** One incident with a snapshot and a public link, so that each kind of page has something to show. */
const test = base.extend<{ pages: PageToTry[] }>({
  pages: async ({ openBrowser, fleet }, use) => {
    kept ??= await somethingToShow(await openBrowser(admin), fleet);
    const { snapshot, publicLink, incident } = kept;
    await use([
      { name: "login", path: "/login", who: null },
      { name: "fleet", path: "/", who: admin },
      { name: "overview", path: "/servers/ws-eu-1", who: admin },
      { name: "connections", path: "/servers/ws-eu-1/connections", who: admin },
      { name: "incidents", path: "/incidents", who: admin },
      { name: "incident", path: incident, who: admin },
      { name: "snapshot", path: snapshot, who: admin },
      { name: "public link", path: publicLink, who: null },
    ]);
  },
});

let kept: { snapshot: string; publicLink: string; incident: string } | null = null;

async function somethingToShow(page: Page, fleet: Fleet) {
  await fleet.service("ws-eu-1").connect(8, { topic: "ticker.BTC-USD" });
  await page.goto("/servers/ws-eu-1");
  const panel = await openShare(page);
  await panel.getByRole("checkbox", { name: say("share.incident.open") }).check();
  await panel.getByLabel(say("share.incident.name")).fill("A page to look at");
  const snapshot = new URL(await copyLink(panel)).pathname;
  await panel.getByRole("radio", { name: new RegExp(`^${say("share.anyone")}`) }).check();
  const publicLink = new URL(await copyLink(panel)).pathname;
  const { incidents } = (await (await page.request.get("/api/incidents")).json()) as {
    incidents: { id: string }[];
  };
  return { snapshot, publicLink, incident: `/incidents/${incidents[0]?.id}` };
}

/** Opens it and waits until nothing of it is still loading. */
async function open(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByRole("main").getByRole("heading").first()).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

for (const colorTheme of ["dark", "light"] as const) {
  test(`no page has an accessibility violation, ${colorTheme}`, async ({ openBrowser, pages, fleet }) => {
    test.setTimeout(180_000);
    for (const { name, path, who } of pages) {
      const page = await openBrowser(who);
      const cookie = { name: "wirewatch-theme", value: colorTheme, url: fleet.console.url };
      await page.context().addCookies([cookie]);
      await open(page, path);
      const { violations, passes } = await new AxeBuilder({ page }).analyze();
      expect(passes.length).toBeGreaterThan(5);
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`,
      );
      expect.soft(found, `${name}, ${colorTheme}`).toEqual([]);
      await page.close();
    }
  });
}

test("no page scrolls sideways, from a phone to a desktop", async ({ openBrowser, pages }) => {
  for (const { name, path, who } of pages) {
    const page = await openBrowser(who);
    await open(page, path);
    for (const width of [390, 768, 1200, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      await expect.soft
        .poll(() => overflowOf(page), { message: `${name} at ${width} px`, timeout: 3_000 })
        .toEqual([]);
    }
    await page.close();
  }
});

/** The page and its main part where they are wider than their box. */
function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, document.body, document.querySelector("main")]
      .filter((element) => element !== null)
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
  );
}

test("every page speaks Chinese, without English leftovers or bare keys", async ({
  openBrowser,
  pages,
  fleet,
}) => {
  const english = flatTexts("en");
  const chinese = flatTexts("zh-CN");
  const leftovers = new Set(
    [...english]
      .filter(([key, text]) => chinese.get(key) !== text && !text.includes("{") && !text.includes("<"))
      .map(([, text]) => text),
  );
  // words that stand in both languages under another key, as names and units do
  for (const text of chinese.values()) leftovers.delete(text);
  expect(leftovers.size).toBeGreaterThan(100);

  for (const { name, path, who } of pages) {
    const page = await openBrowser(who);
    await page.context().addCookies([{ name: localeCookie, value: "zh-CN", url: fleet.console.url }]);
    await open(page, path);
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
    const texts = await textsOn(page);
    expect(texts.filter((text) => /\p{Script=Han}/u.test(text)).length, name).toBeGreaterThan(5);
    expect
      .soft(
        texts.filter((text) => leftovers.has(text) || english.has(text)),
        name,
      )
      .toEqual([]);
    await page.close();
  }
});

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

  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "document.documentElement.dataset.planted = 'yes'";
    document.body.append(script);
    await fetch("http://127.0.0.2:9/").catch(() => undefined);
    return document.documentElement.dataset.planted ?? "no";
  });
  // a script that the page's own code adds is trusted, one that stands in its markup is not
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", '<img src="x:" onerror="document.title = `planted`">');
  });
  await expect.poll(() => watch.complaints.some((line) => /inline/i.test(line))).toBe(true);
  await expect.poll(() => watch.complaints.some((line) => line.includes("127.0.0.2"))).toBe(true);
  expect(await page.title()).not.toBe("planted");
  expect(["yes", "no"]).toContain(ran);
  await context.close();
});
