import { setTimeout as wait } from "node:timers/promises";
import type { StopList } from "../../console/stop-list";
import { median } from "../measuring/statistics";
import { type Contender, type ContenderName, startContender } from "./contenders";
import { measureListing } from "./listing";
import { type Load, startLoad } from "./load-process";
import type { BenchOptions, BenchPart } from "./options";
import { cpuSecondsOf, residentBytesOf } from "./process-figures";
import type { Row } from "./table";

const one = ["bench.one"];
const thousand = Array.from({ length: 1_000 }, (_, index) => `bench.t${index}`);
const inFlight = 16;
const fewConnections = 1_000;
const manyConnections = 10_000;

export const rowsOf = {
  fanOut: {
    what: "1 topic × 1,000, 16 in flight",
    unit: "deliveries/s",
    target: { atLeastTimesWs: 10 },
  },
  fanOutCpu: { what: "  server CPU a delivery", unit: "µs" },
  topics: { what: "1,000 topics × 10, 16 in flight", unit: "deliveries/s", target: { atLeastTimesWs: 1.5 } },
  topicsCpu: { what: "  server CPU a delivery", unit: "µs" },
  p50: { what: "50 msg/s × 1,000: p50", unit: "ms", target: { atMostTimesWs: 1 } },
  p99: { what: "50 msg/s × 1,000: p99", unit: "ms", target: { atMostTimesWs: 1 } },
  p50Cpu: { what: "50 msg/s × 1,000: server CPU", unit: "cores" },
  heavyCpu: { what: "500 msg/s × 1,000: server CPU", unit: "cores", target: { atMost: 0.5 } },
  heavyP99: { what: "500 msg/s × 1,000: p99", unit: "ms", target: { atMost: 50 } },
  heavyShare: { what: "500 msg/s × 1,000: delivered in time", unit: "%", target: { atLeast: 100 } },
  memory: { what: "memory a connection with a subscription", unit: "KB", target: { atMost: 10 } },
  resident: { what: "10,000 connections: resident memory", unit: "MB", target: { atMost: 300 } },
  held: { what: "10,000 connections: still open", unit: "connections", target: { atLeast: 10_000 } },
  accepts: { what: "connections accepted", unit: "a second", target: { atLeastTimesWs: 0.8 } },
  acceptsCpu: { what: "  server CPU a connection", unit: "µs" },
  pings: { what: "pings of one client, 16 unanswered", unit: "answers/s" },
  pingsCpu: { what: "  server CPU a ping", unit: "µs" },
  publishes: { what: "200 bytes published by one client, 16 unanswered", unit: "answers/s" },
  publishesCpu: { what: "  server CPU a message", unit: "µs" },
  stalledP99: { what: "50 stalled beside 500: p99 of the good", unit: "ms", target: { atMost: 250 } },
  stalledMemory: { what: "50 stalled beside 500: memory grown by", unit: "MB" },
  listingMax: { what: "longest push while connections are listed", unit: "ms" },
  listingDelay: { what: "  over the longest without", unit: "ms", target: { atMost: 20 } },
  rowsTurn: {
    what: "100,000 rows without sockets: longest turn of the event loop",
    unit: "ms",
    target: { atMost: 20 },
  },
} satisfies Record<string, Pick<Row, "what" | "unit" | "target">>;
export type RowName = keyof typeof rowsOf;

export type Values = Partial<Record<RowName, number | null>>;

export interface Measured {
  values: Values;
  notes: Partial<Record<RowName, string>>;
}

/** All figures of one contender. A server is started anew for what an earlier part would colour. */
export async function measureContender(
  name: ContenderName,
  options: BenchOptions,
  stops: StopList,
  say: (line: string) => void,
): Promise<Measured> {
  const measured: Measured = { values: {}, notes: {} };
  const staged = async (parts: BenchPart[], work: (stage: Stage) => Promise<void>) => {
    const wanted = parts.filter((part) => options.parts.includes(part));
    if (wanted.length === 0) return;
    say(`measuring: ${name}: ${wanted.join(", ")}`);
    const contender = await startContender(name, options.uwsFolder);
    stops.add(name, contender.stop);
    const load = await startLoad();
    stops.add("load", load.stop);
    try {
      await work({ contender, load, options, measured, wants: (part) => wanted.includes(part) });
    } finally {
      await load.stop();
      await contender.stop();
    }
  };
  await staged(["fan-out", "latency", "heavy"], measureOneTopic);
  await staged(["memory", "hold", "topics"], measureMany);
  await staged(["accepts"], measureAccepts);
  if (name === "wirewatch" || name === "ws") await staged(["requests"], measureRequests);
  await staged(["stalled"], measureStalled);
  if (name === "wirewatch") await staged(["listing"], measureListing);
  return measured;
}

export interface Stage {
  contender: Contender;
  load: Load;
  options: BenchOptions;
  measured: Measured;
  wants(part: BenchPart): boolean;
}

async function measureOneTopic({ contender, load, options, measured, wants }: Stage): Promise<void> {
  const { values, notes } = measured;
  const { port, dialect } = contender;
  await load.tell("open", { port, dialect, count: fewConnections, topics: one, abreast: 64 });
  const to = { topics: one, subscribers: fewConnections };
  if (wants("fan-out")) {
    const flood = await medianFlood({ contender, load, options }, to);
    values.fanOut = flood.perSecond;
    values.fanOutCpu = flood.cpuMicros;
    if (flood.clientBusy > 0.95) notes.fanOut = `${contender.name}: the load client was the limit`;
  }
  if (wants("latency")) {
    const seconds = 2 * options.seconds;
    const order = { ...to, rate: 50, seconds, stragglersMs: 2_000 };
    const { out, cores } = await withCores(contender, () => load.tell("steady", order));
    values.p50 = out.p50Ms;
    values.p99 = out.p99Ms;
    values.p50Cpu = cores;
  }
  if (wants("heavy")) {
    const seconds = 2 * options.seconds;
    const order = { ...to, rate: 500, seconds, stragglersMs: 200 };
    const { out, cores } = await withCores(contender, () => load.tell("steady", order));
    values.heavyCpu = cores;
    values.heavyP99 = out.p99Ms;
    values.heavyShare = (100 * out.deliveries) / out.expected;
    if (out.clientBusy > 0.95) notes.heavyP99 = `${contender.name}: the load client was the limit`;
  }
}

async function measureMany({ contender, load, options, measured, wants }: Stage): Promise<void> {
  const { values } = measured;
  const { port, dialect } = contender;
  const pid = contender.process.pid;
  const order = { port, dialect, topics: thousand, abreast: 64 };
  await load.tell("open", { ...order, count: fewConnections });
  await wait(1_500);
  const before = residentBytesOf(pid);
  await load.tell("open", { ...order, count: manyConnections - fewConnections });
  await wait(1_500);
  const after = residentBytesOf(pid);
  if (wants("memory") && before !== null && after !== null) {
    values.memory = (after - before) / (manyConnections - fewConnections) / 1_000;
  }
  if (wants("hold")) {
    await wait(options.holdSeconds * 1_000);
    values.held = (await load.tell("count", {})).open;
    const resident = residentBytesOf(pid);
    values.resident = resident === null ? null : resident / 1e6;
  }
  if (wants("topics")) {
    const flood = await medianFlood({ contender, load, options }, { topics: thousand, subscribers: 10 });
    values.topics = flood.perSecond;
    values.topicsCpu = flood.cpuMicros;
  }
}

async function measureAccepts({ contender, load, options, measured }: Stage): Promise<void> {
  const { port, dialect } = contender;
  const order = { port, dialect, topics: [], abreast: 64 };
  await load.tell("open", { ...order, count: 500 });
  const rates: number[] = [];
  const cpu: number[] = [];
  const count = 1_000 * options.seconds;
  for (let run = 0; run < options.runs; run++) {
    const { out, cpuSeconds } = await withCores(contender, () => load.tell("open", { ...order, count }));
    rates.push(count / out.seconds);
    if (cpuSeconds !== null) cpu.push((cpuSeconds * 1e6) / count);
  }
  measured.values.accepts = median(rates);
  measured.values.acceptsCpu = median(cpu);
}

async function measureRequests({ contender, load, options, measured }: Stage): Promise<void> {
  const { values, notes } = measured;
  const { port, dialect } = contender;
  await load.tell("open", { port, dialect, count: 1, topics: [], abreast: 1 });
  const rows = [
    ["ping", "pings", "pingsCpu"],
    ["publish", "publishes", "publishesCpu"],
  ] as const;
  for (const [op, rate, cpu] of rows) {
    const rates: number[] = [];
    const micros: number[] = [];
    let clientBusy = 0;
    for (let run = 0; run < options.runs; run++) {
      const order = { op, topic: "bench.unheard", outstanding: inFlight, seconds: options.seconds };
      const { out, cores } = await withCores(contender, () => load.tell("requests", order));
      rates.push(out.answers / out.seconds);
      if (cores !== null) micros.push((cores * 1e6 * out.seconds) / out.answers);
      clientBusy = Math.max(clientBusy, out.clientBusy);
    }
    values[rate] = median(rates);
    values[cpu] = median(micros);
    if (clientBusy > 0.95) notes[rate] = `${contender.name}: the load client was the limit`;
  }
}

async function measureStalled({ contender, load, options, measured }: Stage): Promise<void> {
  const { port, dialect } = contender;
  const good = 500;
  await load.tell("open", { port, dialect, count: good, topics: one, abreast: 64 });
  await load.tell("stall", { port, dialect, count: 50, topics: [...one, "bench.bulk"] });
  const before = residentBytesOf(contender.process.pid);
  const seconds = 6 * options.seconds;
  const bulk = load.tell("bulk", { topic: "bench.bulk", bytes: 16_384, rate: 50, seconds });
  const order = { topics: one, subscribers: good, rate: 50, seconds, stragglersMs: 1_000 };
  const { p99Ms } = await load.tell("steady", order);
  await bulk;
  const after = residentBytesOf(contender.process.pid);
  measured.values.stalledP99 = p99Ms;
  measured.values.stalledMemory = before !== null && after !== null ? (after - before) / 1e6 : null;
}

async function medianFlood(
  { contender, load, options }: Pick<Stage, "contender" | "load" | "options">,
  to: { topics: string[]; subscribers: number },
) {
  const rates: number[] = [];
  const cpu: number[] = [];
  let clientBusy = 0;
  for (let run = 0; run < options.runs; run++) {
    const order = { ...to, inFlight, seconds: options.seconds };
    const { out, cores } = await withCores(contender, () => load.tell("flood", order));
    rates.push(out.deliveries / out.seconds);
    // Both over the same time but for the beginning and the end of a run, which are like its middle.
    if (cores !== null) cpu.push((cores * 1e6 * out.seconds) / out.deliveries);
    clientBusy = Math.max(clientBusy, out.clientBusy);
  }
  return { perSecond: median(rates), cpuMicros: median(cpu), clientBusy };
}

async function withCores<T>(contender: Contender, work: () => Promise<T>) {
  const startedAt = performance.now();
  const before = cpuSecondsOf(contender.process.pid);
  const out = await work();
  const after = cpuSecondsOf(contender.process.pid);
  const cpuSeconds = before === null || after === null ? null : after - before;
  const cores = cpuSeconds === null ? null : cpuSeconds / ((performance.now() - startedAt) / 1_000);
  return { out, cores, cpuSeconds };
}
