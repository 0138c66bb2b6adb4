import { queryOptions } from "@tanstack/react-query";
import type { Action, ActionKind, ActionPreview, ActionRequest, CleanupMatch } from "../contract/console-api";
import { fetchJson, queryString } from "./fetch-json";

const actionPath = (serverId: string, kind: ActionKind) =>
  `/api/servers/${encodeURIComponent(serverId)}/actions/${kind}`;

/** What an action would do now. A preview is a POST, yet changes nothing, so it is a query. */
export const actionPreviewQuery = (serverId: string, kind: ActionKind, match?: CleanupMatch) =>
  queryOptions({
    queryKey: ["server", serverId, "preview", kind, match ?? null],
    queryFn: ({ signal }) =>
      fetchJson<ActionPreview>(`${actionPath(serverId, kind)}/preview`, {
        method: "POST",
        body: match ? { match } : {},
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** For `useMutation`: carries out what was previewed. */
export function runAction(input: {
  serverId: string;
  kind: ActionKind;
  request: ActionRequest;
}): Promise<Action> {
  return fetchJson<Action>(actionPath(input.serverId, input.kind), { method: "POST", body: input.request });
}

export const actionQuery = (actionId: string) =>
  queryOptions({
    queryKey: ["action", actionId],
    queryFn: ({ signal }) => fetchJson<Action>(`/api/actions/${encodeURIComponent(actionId)}`, { signal }),
  });

export const actionsQuery = (
  filter: { serverId?: string; fromMs?: number; toMs?: number; limit?: number } = {},
) =>
  queryOptions({
    queryKey: ["actions", filter],
    queryFn: ({ signal }) =>
      fetchJson<{ actions: Action[]; total: number }>(`/api/actions${queryString(filter)}`, { signal }),
  });
