import type { Settings } from "../config/schema";
import { simulatedFeeds } from "./simulated";
import type { Feed } from "./source";

/** The feeds that the configuration asks for. */
export function createFeeds(settings: Settings): Feed[] {
  const feeds: Feed[] = [];
  if (settings["sources.simulated.enabled"]) {
    feeds.push(...simulatedFeeds(settings["sources.simulated.seed"], settings["sources.simulated.rate"]));
  }
  return feeds;
}
