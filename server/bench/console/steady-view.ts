import { setTimeout as delay } from "node:timers/promises";
import { largest } from "../measuring/statistics";
import type { Stage } from "./stage";
import { taskCpuTimes } from "./task-times";

export interface SteadyView {
  /** Of one core, over all of the browser's processes, with only this page open. */
  browserCpuPercent: number;
  /** By kind of process, of one core. */
  cpuByProcess: Record<string, number>;
  /** In CPU time; null when the browser did not tell. */
  longestTaskCpuMs: number | null;
  /** On the clock, with what it had to wait for a core. The browser tells of tasks over 50 ms; 0 for none. */
  longestTaskMs: number;
  longTasks: number;
  domNodes: number;
  panels: number;
}

const settleMs = 3_000;
const tracedMs = 6_000;

declare global {
  interface Window {
    benchLongTasks?: number[];
  }
}

function watchLongTasks(): void {
  const tasks: number[] = [];
  window.benchLongTasks = tasks;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration);
  }).observe({ type: "longtask" });
}

/** What a page costs the browser while it does nothing but follow the live figures. */
export async function measureSteadyView(stage: Stage, path: string, seconds: number): Promise<SteadyView> {
  const context = await stage.context();
  try {
    const page = await context.newPage();
    await page.goto(stage.consoleUrl + path);
    await delay(settleMs);
    await page.evaluate(watchLongTasks);
    const startedAt = performance.now();
    const before = await cpuSeconds(stage);
    await delay(seconds * 1_000);
    const after = await cpuSeconds(stage);
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    const seen = await page.evaluate(() => ({
      tasks: window.benchLongTasks ?? [],
      domNodes: document.querySelectorAll("*").length,
      panels: document.querySelectorAll("main canvas, main .recharts-surface").length,
    }));
    const tasks = await taskCpuTimes(stage.browser, page, () => delay(tracedMs));
    const cpuByProcess: Record<string, number> = {};
    for (const [id, { type, spent }] of after) {
      const more = ((spent - (before.get(id)?.spent ?? 0)) / elapsedSeconds) * 100;
      cpuByProcess[type] = (cpuByProcess[type] ?? 0) + more;
    }
    return {
      browserCpuPercent: Object.values(cpuByProcess).reduce((sum, share) => sum + share, 0),
      cpuByProcess,
      longestTaskCpuMs: largest(tasks),
      longestTaskMs: Math.max(0, ...seen.tasks),
      longTasks: seen.tasks.length,
      domNodes: seen.domNodes,
      panels: seen.panels,
    };
  } finally {
    await context.close();
  }
}

async function cpuSeconds(stage: Stage): Promise<Map<number, { type: string; spent: number }>> {
  const cdp = await stage.browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  await cdp.detach();
  return new Map(processInfo.map(({ id, type, cpuTime }) => [id, { type, spent: cpuTime }]));
}
