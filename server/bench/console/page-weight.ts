import type { CDPSession } from "@playwright/test";
import { firstDatumOf, prepareFirstDatum } from "./first-datum";
import type { Stage } from "./stage";

export interface ShownPage {
  name: string;
  path: string;
  signedIn: boolean;
  /** False on pages without live figures: there the load event takes the first datum's place. */
  figures: boolean;
}

export interface PageWeight {
  status: number;
  /** Bytes on the wire of scripts asked for before the first datum was painted, and of those asked for later. */
  scriptsBefore: number;
  scriptsAfter: number;
  scripts: { url: string; bytes: number; before: boolean; compressed: boolean }[];
  /** Hosts other than the console's that anything was asked of. */
  otherHosts: string[];
  requests: number;
}

/** Next leaves bodies below 1,024 bytes as they are; the headers come on top. */
const smallBytes = 2_500;

/** Loads a page with empty caches, stays a while, and counts what went over the wire. */
export async function weighPage(stage: Stage, shown: ShownPage): Promise<PageWeight> {
  const context = await stage.context({ signedIn: shown.signedIn });
  const page = await context.newPage();
  const wire = await listen(await context.newCDPSession(page));
  await prepareFirstDatum(page);
  const answer = await page.goto(stage.consoleUrl + shown.path, { waitUntil: "load" });
  const loadedMs = await page.evaluate(() => performance.now());
  const datumMs = shown.figures ? await firstDatumOf(page) : null;
  const originMs = await page.evaluate(() => performance.timeOrigin);
  // what a page loads once it stands: dialogs, charts, the pages its links lead to
  await page.waitForTimeout(2_000);
  await context.close();

  const boundaryMs = originMs + (datumMs ?? loadedMs);
  const own = new URL(stage.consoleUrl).host;
  const scripts = wire
    .filter((request) => request.type === "Script")
    .map((request) => ({
      url: new URL(request.url).pathname,
      bytes: request.bytes,
      before: request.atMs <= boundaryMs,
      compressed: request.encoding !== null || request.bytes < smallBytes,
    }));
  const sum = (before: boolean) =>
    scripts.filter((script) => script.before === before).reduce((bytes, script) => bytes + script.bytes, 0);
  return {
    status: answer?.status() ?? 0,
    scriptsBefore: sum(true),
    scriptsAfter: sum(false),
    scripts,
    otherHosts: [...new Set(wire.map(({ url }) => hostOf(url)))].filter(
      (host) => host !== "" && host !== own,
    ),
    requests: wire.length,
  };
}

interface WireRequest {
  url: string;
  type: string;
  atMs: number;
  bytes: number;
  encoding: string | null;
}

async function listen(cdp: CDPSession): Promise<WireRequest[]> {
  const requests: WireRequest[] = [];
  const byId = new Map<string, WireRequest>();
  cdp.on("Network.requestWillBeSent", ({ requestId, request, type, wallTime }) => {
    const seen = { url: request.url, type: type ?? "", atMs: wallTime * 1_000, bytes: 0, encoding: null };
    byId.set(requestId, seen);
    requests.push(seen);
  });
  cdp.on("Network.webSocketCreated", ({ url }) => {
    requests.push({ url, type: "WebSocket", atMs: Date.now(), bytes: 0, encoding: null });
  });
  cdp.on("Network.responseReceived", ({ requestId, response }) => {
    const seen = byId.get(requestId);
    const name = Object.keys(response.headers).find((header) => header.toLowerCase() === "content-encoding");
    if (seen && name) seen.encoding = response.headers[name] ?? null;
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const seen = byId.get(requestId);
    if (seen) seen.bytes = encodedDataLength;
  });
  await cdp.send("Network.enable");
  return requests;
}

/** Empty for what never leaves the browser: data:, blob: and the like. */
function hostOf(url: string): string {
  return /^(https?|wss?):/.test(url) ? new URL(url).host : "";
}
