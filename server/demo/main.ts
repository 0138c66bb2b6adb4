import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { onShutdown } from "../process/shutdown";
import { type SimulatedClient, simulateClient } from "./simulated-client";
import { chooseTopics, demoTopics } from "./topic-choice";
import { chooseWho } from "./who";

/** How many clients of each kind visit one service; bounded, since they share the machine with it. */
const visitsSchema = z.array(
  z.strictObject({
    url: z.string(),
    subscribers: z.number().int().min(0).max(500),
    idle: z.number().int().min(0).max(500),
    slow: z.number().int().min(0).max(10),
  }),
);
type Visit = z.infer<typeof visitsSchema>[number];

const clients: SimulatedClient[] = [];
const topics = demoTopics();
const random = Math.random;
const forEver = () => null;

function subscriber(url: string) {
  return simulateClient({
    url,
    who: chooseWho(random),
    topics: () => chooseTopics(topics, 1 + Math.floor(random() * 6), random),
    // a third come and go within minutes
    staysMs: random() < 0.33 ? () => 20_000 + random() * 160_000 : forEver,
    reads: true,
    random,
  });
}

function idler(url: string) {
  return simulateClient({
    url,
    who: chooseWho(random),
    topics: () => [],
    staysMs: forEver,
    reads: true,
    random,
  });
}

function slowReader(url: string) {
  const many = () => topics.slice(0, 100);
  return simulateClient({
    url,
    who: chooseWho(random),
    topics: many,
    staysMs: forEver,
    reads: false,
    random,
  });
}

async function arrive({ url, subscribers, idle, slow }: Visit) {
  // the idle ones first: they are what keeps others out
  const arrivals = [
    ...Array.from({ length: idle }, () => idler),
    ...Array.from({ length: slow }, () => slowReader),
    ...Array.from({ length: subscribers }, () => subscriber),
  ];
  for (const make of arrivals) {
    clients.push(make(url));
    await delay(10);
  }
}

/** Ends with everyone having said goodbye; a service that is stopping as well need not answer. */
async function leave() {
  await Promise.all(clients.map((client) => client.stop()));
}

onShutdown(leave, 2_000);
process.on("disconnect", () => process.exit(0));

const visits = visitsSchema.parse(JSON.parse(process.env.WIREWATCH_DEMO_VISITS ?? "[]"));
process.send?.({ type: "ready" });
await Promise.all(visits.map(arrive));
