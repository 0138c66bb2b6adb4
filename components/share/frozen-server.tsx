"use client";

import dynamic from "next/dynamic";
import { ServerHeader } from "@/components/server/server-header";
import { TroubleBar } from "@/components/server/trouble-bar";
import type { Snapshot } from "@/lib/contract/console-api";

const ServerConnections = dynamic(() =>
  import("@/components/server/connections/server-connections").then((m) => m.ServerConnections),
);
const ServerOverview = dynamic(() =>
  import("@/components/server/overview/server-overview").then((m) => m.ServerOverview),
);

/** A server's page of a snapshot: header without actions or tabs, and the tab that was on screen. */
export function FrozenServer({ snapshot, serverId }: { snapshot: Snapshot; serverId: string }) {
  return (
    <>
      <ServerHeader serverId={serverId} />
      <TroubleBar serverId={serverId} />
      {snapshot.connections ? (
        <ServerConnections serverId={serverId} stored={snapshot.connections} />
      ) : (
        <ServerOverview serverId={serverId} actions={snapshot.actions} />
      )}
    </>
  );
}
