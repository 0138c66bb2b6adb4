"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Action } from "@/lib/contract/console-api";
import { useMarkers, useScene } from "@/lib/live/live-context";
import { actionsQuery } from "@/lib/query/actions";

const measuringMs = 5_000;
const runningMs = 1_000;

/**
 * A server's actions, newest first: those `given` in a frozen view, else asked for again whenever the live
 * data tells of one that began or ended. null before the first answer.
 */
export function useServerActions(serverId: string, given?: readonly Action[]): readonly Action[] | null {
  const client = useQueryClient();
  const { frozen } = useScene();
  const filter = { serverId, limit: 30 };
  const { data } = useQuery({
    ...actionsQuery(filter),
    enabled: !given && !frozen,
    refetchInterval: ({ state }) => {
      const actions = state.data?.actions ?? [];
      if (actions.some((action) => action.state === "running")) return runningMs;
      const measuring = (action: Action) => action.settlesAtMs !== null && action.settled === null;
      return actions.some(measuring) ? measuringMs : false;
    },
  });
  const marks = useMarkers(serverId)
    .map((marker) => `${marker.actionId} ${marker.state}`)
    .join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a mark that came or changed is what to ask for
  useEffect(() => {
    if (!frozen) void client.invalidateQueries({ queryKey: ["actions"] });
  }, [client, frozen, marks]);
  if (given) return given.filter((action) => action.serverId === serverId);
  return data?.actions ?? null;
}
