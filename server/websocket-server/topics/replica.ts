import { matchesGlob } from "../../process/glob";
import type { Settings } from "../config/schema";
import { Counters } from "../counters";
import { subscriptionLimits, topicLimits } from "./limits";
import { Subscriptions } from "./subscriptions";
import { Topics } from "./topics";

/** The topics of one process and what is counted about them. */
export interface Replica {
  counters: Counters;
  topics: Topics;
  subscriptions: Subscriptions;
}

export interface ReplicaOptions {
  settings(): Settings;
  /** Of the sequencer. */
  epoch: string;
  /** The newest number that was given for a topic; nothing is known of topics that are not held when left out. */
  numberOf?: (topic: string) => number;
  /** Whether a data source feeds a topic of this name, now or later. */
  fedBySource(name: string): boolean;
}

export function createReplica({ settings, epoch, numberOf, fedBySource }: ReplicaOptions): Replica {
  const counters = new Counters();
  const covers = (name: string) =>
    fedBySource(name) || settings()["publish.allow"].some((pattern) => matchesGlob(pattern, name));
  const topics = new Topics({
    epoch,
    counters,
    covers,
    fedBySource,
    numberOf,
    limits: () => topicLimits(settings()),
    flushMs: () => settings()["outbound.flush_ms"],
  });
  const subscriptions = new Subscriptions({
    topics,
    counters,
    limits: () => subscriptionLimits(settings()),
  });
  return { counters, topics, subscriptions };
}
