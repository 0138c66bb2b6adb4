"use client";

import type { ReactNode } from "react";
import { ActionsProvider } from "@/components/actions/actions-context";
import { useCaller } from "@/components/shell/caller";
import { useServer } from "@/lib/live/live-context";
import { ServerHeader } from "./server-header";
import { ServerKeys } from "./server-keys";
import { TroubleBar } from "./trouble-bar";

/** What a server's pages share: its header, its tabs and what can be done to it. */
export function ServerFrame(props: { serverId: string; children: ReactNode }) {
  const server = useServer(props.serverId);
  const caller = useCaller();
  return (
    <ActionsProvider
      serverId={props.serverId}
      serverName={server?.name ?? props.serverId}
      role={caller?.role ?? "viewer"}
    >
      <ServerKeys serverId={props.serverId} />
      <ServerHeader serverId={props.serverId} />
      <TroubleBar serverId={props.serverId} />
      {props.children}
    </ActionsProvider>
  );
}
