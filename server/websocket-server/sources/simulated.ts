import { seededRandom } from "./random";
import { eventTopics, priceTopics, type SimulatedTopic, sensorTopics } from "./simulated-topics";
import type { Feed } from "./source";

const tickMs = 50;

/**
 * One simulated source. The same seed gives the same values in the same order for each topic; a restart goes on
 * where it was.
 */
export function simulatedFeed(
  name: string,
  seed: number,
  ratePercent: number,
  makeTopics: (random: () => number) => SimulatedTopic[],
): Feed {
  const random = seededRandom(seed);
  const topics = makeTopics(random).map((topic) => ({
    topic,
    draw: seededRandom(Math.floor(random() * 4_294_967_296)),
    periodMs: (topic.periodMs * 100) / ratePercent,
    dueIn: 0,
  }));
  for (const entry of topics) entry.dueIn = entry.draw() * entry.periodMs;
  const names = new Set(topics.map(({ topic }) => topic.name));

  return {
    name,
    type: "simulated",
    secrets: [],
    covers: (topic) => names.has(topic),
    async run({ signal, connected, publish }) {
      connected();
      // One value each at once, so that whoever subscribes first already finds something.
      for (const { topic, draw } of topics) publish(topic.name, topic.next(draw));
      let before = performance.now();
      const tick = () => {
        const now = performance.now();
        const passed = Math.min(now - before, 1_000);
        before = now;
        for (const entry of topics) {
          entry.dueIn -= passed;
          if (entry.dueIn > 0) continue;
          entry.dueIn = Math.max(0, entry.dueIn + entry.periodMs);
          publish(entry.topic.name, entry.topic.next(entry.draw));
        }
      };
      await new Promise<void>((resolve) => {
        const timer = setInterval(tick, tickMs);
        timer.unref();
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          resolve();
        });
      });
    },
  };
}

/** The default feed: prices, sensors and events, 196 topics, about 95 messages a second at 100 percent. */
export function simulatedFeeds(seed: number, ratePercent: number): Feed[] {
  return [
    simulatedFeed("prices", seed, ratePercent, priceTopics),
    simulatedFeed("sensors", seed + 1, ratePercent, sensorTopics),
    simulatedFeed("events", seed + 2, ratePercent, eventTopics),
  ];
}
