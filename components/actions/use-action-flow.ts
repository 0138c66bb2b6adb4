"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSettled } from "@/components/ui/use-settled";
import type { Action, ActionKind, ActionPreview, CleanupMatch } from "@/lib/contract/console-api";
import { actionPreviewQuery, actionQuery, runAction } from "@/lib/query/actions";
import { failureCode } from "@/lib/query/fetch-json";
import { previewGoodMs } from "./can-confirm";

/** A little before the preview is too old, so that the button stays usable. */
const refreshMs = previewGoodMs - 3_000;
const whileRunningMs = 400;
const whileMeasuringMs = 5_000;

export interface ActionFlow {
  preview: ActionPreview | null;
  /** null while the preview of the present conditions is still to come. */
  previewAgeMs: number | null;
  previewError: unknown;
  refreshPreview(): void;
  run(request: { reason: string; confirmName?: string }): void;
  sending: boolean;
  runError: unknown;
  action: Action | null;
}

/** An action from its preview to its result: conditions are previewed 300 ms after the last key. */
export function useActionFlow(serverId: string, kind: ActionKind, match?: CleanupMatch): ActionFlow {
  const client = useQueryClient();
  const settled = useSettled(match);
  const sent = useRef(false);

  const mutation = useMutation({
    mutationFn: runAction,
    onSuccess: () => client.invalidateQueries({ queryKey: ["actions"] }),
    onError: (error) => {
      sent.current = false;
      if (failureCode(error) === "PREVIEW_OUTDATED") void preview.refetch();
    },
  });
  const preview = useQuery({
    ...actionPreviewQuery(serverId, kind, settled),
    enabled: !mutation.isPending && !mutation.data,
    refetchInterval: refreshMs,
    placeholderData: (before) => before,
  });
  const actionId = mutation.data?.id ?? "";
  const followed = useQuery({
    ...actionQuery(actionId),
    enabled: actionId !== "",
    refetchInterval: ({ state: { data } }) => {
      if (!data || data.state === "running") return whileRunningMs;
      return data.settlesAtMs !== null && data.settled === null ? whileMeasuringMs : false;
    },
  });
  const action = followed.data ?? mutation.data ?? null;
  const finished = action !== null && action.state !== "running";
  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: ["actions"] });
  }, [client, finished]);

  const now = useNow(500, action === null);
  const current = settled === match && preview.isSuccess && !preview.isPlaceholderData;
  return {
    preview: preview.data ?? null,
    previewAgeMs: current ? Math.max(0, now - preview.dataUpdatedAt) : null,
    previewError: preview.error,
    refreshPreview: () => void preview.refetch(),
    run(request) {
      const shown = preview.data;
      if (!shown || sent.current) return;
      sent.current = true;
      mutation.mutate({ serverId, kind, request: { previewId: shown.previewId, ...request } });
    },
    sending: mutation.isPending,
    runError: mutation.error,
    action,
  };
}

/** The browser's clock, for the age of what the browser itself has read. */
function useNow(everyMs: number, running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, running]);
  return now;
}
