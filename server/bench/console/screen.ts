import { EventEmitter, once } from "node:events";
import type { Page } from "@playwright/test";

export interface Painted {
  value: number;
  atMs: number;
}

/** Runs in the page: tells of each change of the element's text once the frame with it is painted. */
function watchText(selector: string): void {
  const read = () => document.querySelector(selector)?.textContent ?? null;
  let last = read();
  new MutationObserver(() => {
    const text = read();
    if (text === last) return;
    last = text;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.benchPainted(text, Date.now());
      port2.postMessage(null);
    });
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

declare global {
  interface Window {
    benchPainted(text: string | null, atMs: number): void;
  }
}

/** A figure on a page in the browser and the instants at which it changed there, on the machine's clock. */
export class Screen {
  readonly #seen: Painted[] = [];
  readonly #events = new EventEmitter();

  static async open(page: Page, url: string, selector: string): Promise<Screen> {
    const screen = new Screen();
    await page.exposeFunction("benchPainted", (text: string | null, atMs: number) => {
      const digits = /^\d[\d,]*/.exec(text ?? "")?.[0];
      if (digits === undefined) return;
      screen.#seen.push({ value: Number(digits.replaceAll(",", "")), atMs });
      screen.#events.emit("painted");
    });
    await page.goto(url);
    await page.waitForSelector(selector);
    await page.evaluate(watchText, selector);
    return screen;
  }

  /** The instant at which `value` was painted, at `sinceMs` or after it; null when it did not come in time. */
  async painted(value: number, sinceMs: number, timeoutMs: number): Promise<number | null> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.#seen.find((painted) => painted.value === value && painted.atMs >= sinceMs);
      if (found) return found.atMs;
      try {
        await once(this.#events, "painted", { signal });
      } catch {
        return null;
      }
    }
  }
}
