import type { Page } from "@playwright/test";
import type { Stage } from "./stage";

export interface PageLoad {
  /** From the start of the navigation to the end of the frame that painted the first figure. */
  firstDatumMs: number;
  firstByteMs: number;
  /** To the first live frame by push; null when none came in time or it was not waited for. */
  firstFrameMs: number | null;
}

declare global {
  interface Window {
    benchFirstDatumMs?: number;
  }
}

/** Runs in the page before its own scripts. */
function watchFirstDatum(): void {
  let looking = false;
  const observer = new MutationObserver(() => {
    if (looking) return;
    looking = true;
    requestAnimationFrame(() => {
      looking = false;
      const figures = [...document.querySelectorAll("[data-metric=active_connections]")];
      const seen = figures.some((el) => /\d/.test(el.textContent ?? "") && el.getClientRects().length > 0);
      if (!seen || window.benchFirstDatumMs !== undefined) return;
      observer.disconnect();
      // a task after this frame's rendering: what was found is painted by then
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        window.benchFirstDatumMs = performance.now();
      };
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

export async function prepareFirstDatum(page: Page): Promise<void> {
  await page.addInitScript(watchFirstDatum);
}

/** Milliseconds after the navigation's start; null when no figure was painted in time. */
export async function firstDatumOf(page: Page, timeoutMs = 10_000): Promise<number | null> {
  try {
    await page.waitForFunction(() => window.benchFirstDatumMs !== undefined, null, {
      timeout: timeoutMs,
      polling: 50,
    });
  } catch {
    return null;
  }
  return page.evaluate(() => window.benchFirstDatumMs ?? null);
}

/** Loads a page `runs` times with empty caches, each in a browser profile of its own, and as often with warm ones. */
export async function measureFirstDatum(
  stage: Stage,
  path: string,
  runs: number,
): Promise<{ cold: PageLoad[]; warm: PageLoad[] }> {
  const cold: PageLoad[] = [];
  const warm: PageLoad[] = [];
  for (let run = 0; run < runs; run++) {
    const context = await stage.context();
    for (const loads of [cold, warm]) {
      const page = await context.newPage();
      // the push comes as soon with warm caches, and waiting for it takes as long as the load itself
      const load = await loadOnce(page, stage.consoleUrl + path, loads === cold ? 3_000 : 0);
      if (load) loads.push(load);
      await page.close();
    }
    await context.close();
  }
  return { cold, warm };
}

async function loadOnce(page: Page, url: string, pushWithinMs: number): Promise<PageLoad | null> {
  const firstFrame = new Promise<number>((resolve) => {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (String(payload).includes('"full":true')) resolve(Date.now());
      }),
    );
  });
  await prepareFirstDatum(page);
  await page.goto(url, { waitUntil: "commit" });
  const firstDatumMs = await firstDatumOf(page);
  if (firstDatumMs === null) return null;
  const frameAtMs = await Promise.race([firstFrame, page.waitForTimeout(pushWithinMs).then(() => null)]);
  const { firstByteMs, originMs } = await page.evaluate(() => ({
    originMs: performance.timeOrigin,
    firstByteMs: (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).responseStart,
  }));
  return { firstDatumMs, firstByteMs, firstFrameMs: frameAtMs === null ? null : frameAtMs - originMs };
}
