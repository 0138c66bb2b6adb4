"use client";

import { ServerOverview } from "@/components/server/overview/server-overview";
import { ServerHeader } from "@/components/server/server-header";
import type { Snapshot } from "@/lib/contract/console-api";

/** A server's page of a snapshot: header without actions or tabs, and the tab that was on screen. */
export function FrozenServer({ snapshot, serverId }: { snapshot: Snapshot; serverId: string }) {
  return (
    <>
      <ServerHeader serverId={serverId} />
      <ServerOverview serverId={serverId} actions={snapshot.actions} />
    </>
  );
}
