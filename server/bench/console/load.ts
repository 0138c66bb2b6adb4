import { setTimeout as delay } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { type SimulatedClient, simulateClient } from "../../demo/simulated-client";
import { chooseTopics, demoTopics } from "../../demo/topic-choice";
import type { Visit } from "./thread";

const topics = demoTopics();
const forEver = () => null;

/** The demo's clients, and word to the bench once all of them have arrived. */
export async function makeLoad(visits: Visit[]): Promise<void> {
  const clients: SimulatedClient[] = [];
  for (const { url, subscribers, idle, slow, steady } of visits) {
    const make = (wanted: () => string[], reads: boolean, staysMs: () => number | null) =>
      clients.push(simulateClient({ url, topics: wanted, staysMs, reads, random: Math.random }));
    for (let i = 0; i < idle; i++) make(() => [], true, forEver);
    for (let i = 0; i < slow; i++) make(() => topics.slice(0, 100), false, forEver);
    for (let i = 0; i < subscribers; i++) {
      const leaves = !steady && i % 3 === 0;
      make(
        () => chooseTopics(topics, 1 + (i % 6), Math.random),
        true,
        leaves ? () => 20_000 + Math.random() * 160_000 : forEver,
      );
      await delay(5);
    }
  }
  parentPort?.postMessage({ clients: clients.length });
}
