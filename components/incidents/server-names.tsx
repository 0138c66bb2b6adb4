"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { ServerSummary } from "@/lib/contract/console-api";
import { useFleet } from "@/lib/live/live-context";

const NamesContext = createContext<ReadonlyMap<string, string>>(new Map());

/** Incidents hold ids of servers; people know them by name. */
export function ServerNames(props: { servers: readonly ServerSummary[]; children: ReactNode }) {
  const listed = JSON.stringify(props.servers.map(({ id, name }) => [id, name]));
  // Live data brings new rows all the time and hardly ever a new name.
  const names = useMemo(() => new Map<string, string>(JSON.parse(listed)), [listed]);
  return <NamesContext value={names}>{props.children}</NamesContext>;
}

/** The names of the fleet as it is now. What is inside isn't drawn again for live data. */
export function LiveServerNames({ children }: { children: ReactNode }) {
  return <ServerNames servers={useFleet().servers}>{children}</ServerNames>;
}

/** The name of a server; its id where the fleet no longer holds it. */
export function useServerName(): (serverId: string) => string {
  const names = useContext(NamesContext);
  return (serverId) => names.get(serverId) ?? serverId;
}
