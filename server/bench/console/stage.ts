import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { stringify } from "yaml";
import { findProjectRoot } from "../../console/project-root";
import type { createStopList } from "../../console/stop-list";
import { demoFleet } from "../../demo/fleet.mjs";
import { supervise } from "../../process/supervise.mjs";
import { chromiumArgs, chromiumPath } from "../../testing/chromium.mjs";
import { startPart } from "./thread";

const password = "bench-console-1";

/** What is measured: the built console over the demo's three services, with clients, and a browser. */
export interface Stage {
  browser: Browser;
  consoleUrl: string;
  /** The service whose figures are read; its clients stay. */
  target: { id: string; wsUrl: string; adminUrl: string };
  /** A context of its own, with empty caches; signed in unless told otherwise. */
  context(options?: { signedIn: boolean }): Promise<BrowserContext>;
}

type StopList = ReturnType<typeof createStopList>;

/** Starts everything on free ports; each thing is on `stops` before the next one starts. */
export async function setStage(stops: StopList): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "bench-console-"));
  stops.add("scratch folder", async () => rmSync(folder, { recursive: true, force: true }));
  const services = await Promise.all(demoFleet.map((member) => startService(member, folder, stops)));
  const [target] = services;
  if (!target) throw new Error("the demo has no services");
  const consoleUrl = await startConsole(folder, services, stops);
  const load = await startPart<{ clients: number }>({
    name: "load",
    visits: demoFleet.map(({ clients }, index) => ({
      url: services[index]?.wsUrl ?? "",
      ...clients,
      steady: index === 0,
    })),
  });
  stops.add("load", () => load.stop());
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArgs,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  stops.add("browser", () => browser.close());
  const options = { viewport: { width: 1440, height: 900 }, locale: "en-US", timezoneId: "UTC" };
  const signIn = await browser.newContext(options);
  const page = await signIn.newPage();
  await page.goto(`${consoleUrl}/login`);
  await page.fill("input[name=name]", "admin");
  await page.fill("input[name=password]", password);
  await page.click("button[type=submit]");
  await page.waitForURL((url) => url.pathname === "/");
  const storageState = await signIn.storageState();
  await signIn.close();
  return {
    browser,
    consoleUrl,
    target,
    context: ({ signedIn } = { signedIn: true }) =>
      browser.newContext({ ...options, ...(signedIn ? { storageState } : {}) }),
  };
}

type Service = Stage["target"] & { labels: Record<string, string> };

async function startService(
  member: (typeof demoFleet)[number],
  folder: string,
  stops: StopList,
): Promise<Service> {
  const own = join(folder, member.id);
  mkdirSync(own);
  const config = join(own, "websocket_config.yaml");
  writeFileSync(config, "");
  const ready = await startProgram("websocket-server", stops, {
    ...member.env,
    WEBSOCKET_CONFIG: config,
    WEBSOCKET_SERVER_ID: member.id,
    WEBSOCKET_PORT: "0",
    WEBSOCKET_ADMIN_PORT: "0",
    WEBSOCKET_DATA_DIR: own,
    WEBSOCKET_SHUTDOWN_TIMEOUT: "1",
    LOG_FILE: join(own, "websocket-server.log"),
  });
  return {
    id: member.id,
    labels: member.labels,
    wsUrl: `ws://127.0.0.1:${ready.websocketPort}`,
    adminUrl: `http://127.0.0.1:${ready.adminPort}`,
  };
}

async function startConsole(folder: string, services: Service[], stops: StopList): Promise<string> {
  const fleet = join(folder, "fleet.yaml");
  const servers = services.map(({ id, labels, wsUrl, adminUrl }) => ({
    id,
    labels,
    admin_url: adminUrl,
    ws_url: wsUrl,
  }));
  writeFileSync(fleet, stringify({ servers }));
  const ready = await startProgram("console", stops, {
    PORT: "0",
    WIREWATCH_DATA_DIR: join(folder, "console"),
    WIREWATCH_FLEET: fleet,
    WIREWATCH_ADMIN_PASSWORD: password,
  });
  return ready.url;
}

type Settings = Record<string, string | undefined>;

/** Of the environment only what a program can't do without: settings of one's own must not bend the figures. */
async function startProgram(name: string, stops: StopList, settings: Settings) {
  const root = findProjectRoot();
  const said: string[] = [];
  const program = supervise({
    name,
    script: join(root, "dist", `${name}.mjs`),
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...settings },
    say: (line: string) => process.stderr.write(`${line}\n`),
    onLine: (line: string) => said.push(line),
    stopTimeoutMs: 10_000,
    backOff: undefined,
  });
  stops.add("program", () => program.stop());
  try {
    return await program.ready;
  } catch (error) {
    throw new Error(`${String(error)}\n${said.slice(-10).join("\n")}`);
  }
}
