import type { Settings } from "../config/schema";
import type { SubscriptionsOptions } from "./subscriptions";
import type { TopicsOptions } from "./topics";

export function topicLimits(settings: Settings): ReturnType<TopicsOptions["limits"]> {
  return {
    messages: settings["history.messages"],
    seconds: settings["history.seconds"],
    maxBytes: settings["history.max_bytes"],
    forgetAfterSeconds: settings["publish.forget_after"],
  };
}

export function subscriptionLimits(settings: Settings): ReturnType<SubscriptionsOptions["limits"]> {
  return {
    topics: settings["subscriptions.max_per_connection"],
    patterns: settings["subscriptions.patterns"] ? settings["subscriptions.max_patterns_per_connection"] : 0,
    patternsInAll: settings["subscriptions.max_patterns"],
  };
}
