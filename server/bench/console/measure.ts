import type { Page } from "@playwright/test";
import { largest, median, quantile } from "../measuring/statistics";
import { measureChanges } from "./change-to-screen";
import { measureFirstDatum, type PageLoad } from "./first-datum";
import type { BenchOptions } from "./options";
import { type ShownPage, weighPage } from "./page-weight";
import type { Stage } from "./stage";
import { measureSteadyView } from "./steady-view";
import type { Figure } from "./table";

const targets = { firstDatumMs: 1_500, changeMedianMs: 800, changeP95Ms: 1_300, scriptKb: 300 };

interface Result {
  figures: Figure[];
  /** All that was measured, for the file. */
  details: Record<string, unknown>;
}

/** Takes the wanted figures one part after the other, so that none disturbs another. */
export async function measure(
  stage: Stage,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<Result> {
  const server = `/servers/${encodeURIComponent(stage.target.id)}`;
  const live: ShownPage[] = [
    { name: "Fleet", path: "/", signedIn: true, figures: true },
    { name: "Overview", path: server, signedIn: true, figures: true },
    { name: "Connections", path: `${server}/connections`, signedIn: true, figures: true },
  ];
  const figures: Figure[] = [];
  const details: Record<string, unknown> = {};
  const parts = {
    weight: async () => {
      const pages = [
        { name: "Login", path: "/login", signedIn: false, figures: false },
        ...live,
        ...(await storedPages(stage)),
      ];
      for (const page of pages) {
        const weight = await weighPage(stage, page);
        details[`weight ${page.name}`] = weight;
        figures.push(...weightFigures(page, weight));
      }
    },
    "first-datum": async () => {
      for (const { name, path } of live) {
        const loads = await measureFirstDatum(stage, path, options.runs);
        details[`first datum ${name}`] = loads;
        figures.push(...loadFigures(`${name}, cold cache`, loads.cold, options.runs));
        figures.push(...loadFigures(`${name}, warm cache`, loads.warm, options.runs));
      }
    },
    change: async () => {
      const delays = await measureChanges(stage, options.changes);
      details.changes = delays;
      for (const [name, { delaysMs, missing }] of Object.entries(delays)) {
        const what = `Change to screen, ${{ fleet: "Fleet row", overview: "Overview", peer: "peer: bare Socket.IO pipeline" }[name]}`;
        const own = name !== "peer";
        const note = `${delaysMs.length} changes${missing > 0 ? `, ${missing} never shown` : ""}`;
        figures.push(
          {
            what: `${what}: median`,
            value: median(delaysMs),
            unit: "ms",
            limit: own ? targets.changeMedianMs : undefined,
            note,
          },
          {
            what: `${what}: p95`,
            value: quantile(delaysMs, 0.95),
            unit: "ms",
            limit: own ? targets.changeP95Ms : undefined,
          },
        );
      }
    },
    steady: async () => {
      for (const { name, path } of live.slice(0, 2)) {
        const view = await measureSteadyView(stage, path, options.steadySeconds);
        details[`steady ${name}`] = view;
        figures.push(
          {
            what: `${name}, live: browser CPU`,
            value: view.browserCpuPercent,
            unit: "%",
            limit: 8,
            note: `of a core, all its processes; ${view.panels} charts`,
          },
          {
            what: `${name}, live: longest task`,
            value: view.longestTaskCpuMs,
            unit: "ms",
            limit: 100,
            note: `of CPU time; on the clock ${view.longTasks === 0 ? "none over 50 ms" : `${Math.round(view.longestTaskMs)} ms, ${view.longTasks} over 50 ms`}`,
          },
          {
            what: `${name}, live: DOM nodes`,
            value: view.domNodes,
            unit: "nodes",
            limit: 2_500,
            note: "3 servers",
          },
        );
      }
    },
  };
  for (const part of options.parts) {
    say(`measuring: ${part}`);
    await parts[part]();
  }
  return { figures, details };
}

function loadFigures(what: string, loads: PageLoad[], runs: number): Figure[] {
  const first = loads.map((load) => load.firstDatumMs);
  const pushed = loads.flatMap((load) => load.firstFrameMs ?? []);
  const ms = (value: number | null) => (value === null ? "–" : `${Math.round(value)} ms`);
  const firstByte = ms(median(loads.map((load) => load.firstByteMs)));
  const push = pushed.length > 0 ? `, live push ${ms(median(pushed))}` : "";
  const note = `${loads.length} of ${runs} loads; first byte ${firstByte}${push}`;
  return [
    {
      what: `First datum, ${what}: median`,
      value: median(first),
      unit: "ms",
      limit: targets.firstDatumMs,
      note,
    },
    { what: `First datum, ${what}: max`, value: largest(first), unit: "ms", limit: targets.firstDatumMs },
  ];
}

function weightFigures(
  { name, figures }: ShownPage,
  weight: Awaited<ReturnType<typeof weighPage>>,
): Figure[] {
  const what = `JavaScript, ${name}`;
  if (weight.status >= 400) {
    return [{ what, value: null, unit: "KB", limit: targets.scriptKb, note: `answered ${weight.status}` }];
  }
  const plain = weight.scripts.filter((script) => !script.compressed);
  const until = figures ? "up to the first datum" : "up to the load event";
  const note = [
    `${until}; ${(weight.scriptsAfter / 1_000).toFixed(0)} KB after it`,
    ...(plain.length > 0 ? [`${plain.length} scripts NOT COMPRESSED`] : []),
  ].join("; ");
  return [
    { what, value: weight.scriptsBefore / 1_000, unit: "KB", limit: targets.scriptKb, note },
    {
      what: `Other hosts, ${name}`,
      value: weight.otherHosts.length,
      unit: "hosts",
      limit: 0,
      note: weight.otherHosts.join(", ") || `${weight.requests} requests, all to the console`,
    },
  ];
}

/** Incidents and snapshots exist only once somebody has made one: as people do, from a page. */
async function storedPages(stage: Stage): Promise<ShownPage[]> {
  const context = await stage.context();
  const page = await context.newPage();
  await page.goto(`${stage.consoleUrl}/`);
  const toMs = Date.now();
  const incident = await post(page, "/api/incidents", {
    title: "Latency above 100 ms",
    severity: "sev2",
    status: "open",
    serverIds: [stage.target.id],
  });
  const snapshot = await post(page, "/api/snapshots", {
    page: "server-overview",
    serverId: stage.target.id,
    path: `/servers/${stage.target.id}`,
    fromMs: toMs - 60_000,
    toMs,
  });
  await context.close();
  return [
    { name: "Incidents", path: "/incidents", signedIn: true, figures: false },
    { name: "Incident", path: `/incidents/${incident}`, signedIn: true, figures: false },
    { name: "Snapshot", path: `/snapshots/${snapshot}`, signedIn: true, figures: true },
  ];
}

async function post(page: Page, path: string, body: unknown): Promise<string> {
  const answer = await page.evaluate(
    async ([address, text]) => {
      const response = await fetch(address as string, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: text as string,
      });
      return { status: response.status, text: await response.text() };
    },
    [path, JSON.stringify(body)],
  );
  if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
  return (JSON.parse(answer.text) as { id: string }).id;
}
