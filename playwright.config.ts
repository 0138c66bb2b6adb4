import { defineConfig } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "./server/testing/chromium.mjs";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // each test starts a fleet of its own; two at once would share two cores with their browsers
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    trace: "off",
    video: "off",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: chromiumPath(), args: chromiumArgs },
  },
});
