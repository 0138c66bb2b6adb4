"use client";

import type { Action } from "@/lib/contract/console-api";
import { useServer } from "@/lib/live/live-context";
import { LastAction } from "./last-action";
import { ServerCharts } from "./server-charts";
import { ServerEvents } from "./server-events";
import { ServerStrip } from "./server-strip";
import { SubscriptionsPanel } from "./subscriptions-panel";
import { useServerActions } from "./use-server-actions";

/**
 * A server at a glance: strip, charts, subscriptions, what was done to it. In a frozen view the actions of
 * the snapshot are `actions`; nothing is asked for then.
 */
export function ServerOverview(props: { serverId: string; actions?: readonly Action[] }) {
  const server = useServer(props.serverId);
  const actions = useServerActions(props.serverId, props.actions);
  if (!server) return null;
  return (
    <>
      <ServerStrip server={server} />
      <div className="xl:grid xl:grid-cols-[minmax(0,1fr)_316px]">
        <div className="min-w-0">
          <ServerCharts server={server} />
          <SubscriptionsPanel server={server} />
        </div>
        <aside className="min-w-0 xl:-ml-px xl:border-l">
          {actions && (
            <>
              <LastAction action={actions[0] ?? null} server={server} />
              <ServerEvents actions={actions} />
            </>
          )}
        </aside>
      </div>
    </>
  );
}
