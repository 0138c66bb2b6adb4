import { eventTopics, priceTopics, sensorTopics } from "../websocket-server/sources/simulated-topics";

/** Every topic of the simulated sources, the most wanted first. */
export function demoTopics(): string[] {
  const fixed = () => 0.5;
  return [...priceTopics(fixed), ...eventTopics(fixed), ...sensorTopics(fixed)].map(({ name }) => name);
}

/**
 * Up to `count` different topics, drawn so that the topic at rank r is wanted about 1/r as often as the first:
 * what readers want follows Zipf's law nearly everywhere.
 */
export function chooseTopics(topics: string[], count: number, random: () => number): string[] {
  const chosen = new Set<string>();
  for (let draws = 0; chosen.size < count && draws < count * 10; draws += 1) {
    const rank = Math.floor(topics.length ** random());
    const topic = topics[Math.min(rank, topics.length) - 1];
    if (topic !== undefined) chosen.add(topic);
  }
  return [...chosen];
}
