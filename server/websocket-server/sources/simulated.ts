import { RateWindow } from "../rate-window";
import { seededRandom } from "./random";
import { eventTopics, priceTopics, type SimulatedTopic, sensorTopics } from "./simulated-topics";
import type { DataSource } from "./source";

const tickMs = 50;

/** One simulated source. The same seed gives the same values in the same order for each topic. */
export function simulatedSource(
  name: string,
  seed: number,
  ratePercent: number,
  makeTopics: (random: () => number) => SimulatedTopic[],
): DataSource {
  const random = seededRandom(seed);
  const topics = makeTopics(random).map((topic) => ({
    topic,
    draw: seededRandom(Math.floor(random() * 4_294_967_296)),
    periodMs: (topic.periodMs * 100) / ratePercent,
    dueIn: 0,
  }));
  for (const entry of topics) entry.dueIn = entry.draw() * entry.periodMs;
  const names = new Set(topics.map(({ topic }) => topic.name));
  const rate = new RateWindow();
  let timer: NodeJS.Timeout | null = null;
  let messages = 0;
  let lastMessageAtMs: number | null = null;

  return {
    name,
    covers: (topic) => names.has(topic),
    start(publish) {
      // One value each at once, so that whoever subscribes first already finds something.
      for (const { topic, draw } of topics) publish(topic.name, topic.next(draw));
      messages += topics.length;
      let before = performance.now();
      timer = setInterval(() => {
        const now = performance.now();
        const passed = Math.min(now - before, 1_000);
        before = now;
        let sent = 0;
        for (const entry of topics) {
          entry.dueIn -= passed;
          if (entry.dueIn > 0) continue;
          entry.dueIn = Math.max(0, entry.dueIn + entry.periodMs);
          publish(entry.topic.name, entry.topic.next(entry.draw));
          sent++;
        }
        if (sent === 0) return;
        messages += sent;
        lastMessageAtMs = Date.now();
        rate.add(lastMessageAtMs, sent);
      }, tickMs);
      timer.unref();
      lastMessageAtMs = Date.now();
      rate.add(lastMessageAtMs, topics.length);
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
    status: (nowMs) => ({
      name,
      type: "simulated",
      state: timer === null ? "stopped" : "running",
      topics: topics.length,
      last_message_at_ms: lastMessageAtMs,
      messages_total: messages,
      messages_per_second: rate.perSecond(nowMs),
      errors_total: 0,
      reconnects_total: 0,
      last_error: null,
    }),
  };
}

/** The default feed: prices, sensors and events, 196 topics, about 95 messages a second at 100 percent. */
export function simulatedSources(seed: number, ratePercent: number): DataSource[] {
  return [
    simulatedSource("prices", seed, ratePercent, priceTopics),
    simulatedSource("sensors", seed + 1, ratePercent, sensorTopics),
    simulatedSource("events", seed + 2, ratePercent, eventTopics),
  ];
}
