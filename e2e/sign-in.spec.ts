import { admin } from "./fixtures/people";
import { expect, test } from "./fixtures/test";
import { say } from "./fixtures/texts";

test("a stranger is asked to sign in first, and lands where they were going", async ({
  openBrowser,
  fleet,
}) => {
  const page = await openBrowser(null);
  await page.goto("/servers/ws-eu-1/connections?sort=idle_time");
  await expect(page).toHaveURL(/\/login\?next=/);
  await expect(page.getByRole("heading", { name: say("login.title") })).toBeVisible();

  await page.getByLabel(say("login.name"), { exact: true }).fill(admin.name);
  await page.getByLabel(say("login.password"), { exact: true }).fill("not the password");
  await page.getByRole("button", { name: say("login.submit") }).click();
  await expect(page.getByRole("alert").filter({ hasText: say("login.wrong") })).toBeVisible();
  expect(await (await page.request.get("/api/fleet")).status()).toBe(401);

  await page.getByLabel(say("login.password"), { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: say("login.submit") }).click();
  await expect(page).toHaveURL(`${fleet.console.url}/servers/ws-eu-1/connections?sort=idle_time`);
  expect(await (await page.request.get("/api/fleet")).status()).toBe(200);
});

test("guessing passwords is stopped, and the right person still gets in", async ({ openBrowser }) => {
  const page = await openBrowser(null);
  await page.goto("/login");
  await page.getByLabel(say("login.name"), { exact: true }).fill("mallory");
  const wrong = page.getByRole("alert").filter({ hasText: say("login.wrong") });
  const stopped = page.getByRole("alert").filter({ hasText: say("login.tooMany") });
  let guesses = 0;
  for (; guesses < 30 && !(await stopped.isVisible()); guesses++) {
    await page.getByLabel(say("login.password"), { exact: true }).fill(`guess ${guesses}`);
    const answer = page.waitForResponse((response) => response.url().includes("/callback/credentials"));
    await page.getByRole("button", { name: say("login.submit") }).click();
    await answer;
    await expect(wrong.or(stopped)).toBeVisible();
  }
  expect(guesses, "some guesses are everybody's typing mistakes").toBeGreaterThan(2);
  await expect(stopped).toBeVisible();

  await page.getByLabel(say("login.name"), { exact: true }).fill(admin.name);
  await page.getByLabel(say("login.password"), { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: say("login.submit") }).click();
  await expect(page).not.toHaveURL(/\/login/);
});

test("signing out ends the session for the server too", async ({ openBrowser }) => {
  const page = await openBrowser(admin);
  await page.goto("/");
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: new RegExp(`^${admin.name}, `) }).click();
  await page.getByRole("menuitem", { name: say("shell.user.signOut") }).click();
  await expect(page).toHaveURL(/\/login/);

  // somebody who kept the cookie has nothing in hand
  await page.context().addCookies(cookies);
  expect(await (await page.request.get("/api/fleet")).status()).toBe(401);
});
