"use client";

import dynamic from "next/dynamic";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import type { ActionKind, CleanupMatch, Role } from "@/lib/contract/console-api";

const ActionDialog = dynamic(() => import("./action-dialog").then((module) => module.ActionDialog), {
  ssr: false,
});

interface Actions {
  /** Viewers see the buttons and may not press them. */
  allowed: boolean;
  open(kind: ActionKind, match?: CleanupMatch): void;
}

const ActionsContext = createContext<Actions | null>(null);

/** What a page may do to its server; null in a frozen view, where nothing can be done. */
export function useActions(): Actions | null {
  return useContext(ActionsContext);
}

/** Holds the one action dialog of a server's pages and gives the focus back when it closes. */
export function ActionsProvider(props: {
  serverId: string;
  serverName: string;
  role: Role;
  children: ReactNode;
}) {
  const [asked, setAsked] = useState<{ kind: ActionKind; match?: CleanupMatch; turn: number } | null>(null);
  const cameFrom = useRef<Element | null>(null);
  const allowed = props.role !== "viewer";
  const open = useCallback((kind: ActionKind, match?: CleanupMatch) => {
    cameFrom.current = document.activeElement;
    setAsked((before) => before ?? { kind, match, turn: Date.now() });
  }, []);
  const actions = useMemo(() => ({ allowed, open }), [allowed, open]);
  return (
    <ActionsContext value={actions}>
      {props.children}
      {asked && (
        <ActionDialog
          key={asked.turn}
          kind={asked.kind}
          match={asked.match}
          serverId={props.serverId}
          serverName={props.serverName}
          onClose={() => {
            setAsked(null);
            if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
          }}
        />
      )}
    </ActionsContext>
  );
}
