import type { Settings } from "../config/schema";
import { subscriptionLimits } from "../topics/limits";

export interface WelcomeOptions {
  settings(): Settings;
  serverId(): string;
  epoch(): string;
}

/** Makes the first message to each client, as JSON. All but the id is the same for everyone until a setting changes. */
export function createWelcome(options: WelcomeOptions): (connectionId: string) => string {
  let madeOf: readonly unknown[] = [];
  let rest = "";
  return (connectionId) => {
    const settings = options.settings();
    const parts = [settings, options.serverId(), options.epoch()] as const;
    if (parts.some((part, index) => part !== madeOf[index])) {
      madeOf = parts;
      rest = JSON.stringify(withoutId(...parts)).slice(1);
    }
    return `{"op":"welcome","connection_id":${JSON.stringify(connectionId)},${rest}`;
  };
}

function withoutId(settings: Settings, serverId: string, epoch: string) {
  return {
    server_id: serverId,
    epoch,
    heartbeat_interval: settings["heartbeat.interval"],
    limits: {
      max_bytes: settings["messages.max_bytes"],
      max_messages_per_second: settings["messages.max_per_second"],
      max_subscriptions: settings["subscriptions.max_per_connection"],
      max_patterns: subscriptionLimits(settings).patterns,
    },
  };
}
