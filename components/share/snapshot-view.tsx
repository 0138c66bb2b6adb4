"use client";

import dynamic from "next/dynamic";
import { FrozenPage } from "@/components/shell/frozen-page";
import type { Snapshot } from "@/lib/contract/console-api";
import { FrozenAddress } from "./frozen-address";
import { SnapshotNote } from "./snapshot-note";

const FleetPage = dynamic(() => import("@/components/fleet/fleet-page").then((m) => m.FleetPage));
const FrozenServer = dynamic(() => import("./frozen-server").then((m) => m.FrozenServer));

/** The very page that was shared, drawn from what was stored. A public link has its own banner above it. */
export function SnapshotView({ snapshot, readOnly }: { snapshot: Snapshot; readOnly: boolean }) {
  return (
    <FrozenPage snapshot={snapshot}>
      {!readOnly && <SnapshotNote snapshot={snapshot} />}
      <FrozenAddress key={snapshot.id} path={snapshot.path}>
        {snapshot.serverId === null ? (
          <FleetPage linked={!readOnly} />
        ) : (
          <FrozenServer snapshot={snapshot} serverId={snapshot.serverId} />
        )}
      </FrozenAddress>
    </FrozenPage>
  );
}
