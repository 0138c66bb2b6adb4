"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { ServerState } from "@/lib/contract/console-api";
import { useFleet } from "@/lib/live/live-context";

const quietMs = 5_000;

/** Tells screen readers of changed states, at most one message in five seconds. */
export function StatusAnnouncer() {
  const t = useTranslations();
  const { servers } = useFleet();
  const before = useRef<Map<string, ServerState> | null>(null);
  const waiting = useRef(new Map<string, string>());
  const [text, setText] = useState("");

  useEffect(() => {
    const known = before.current;
    before.current = new Map(servers.map((server) => [server.id, server.state]));
    if (!known) return;
    for (const { id, name, state } of servers) {
      if (known.has(id) && known.get(id) !== state) {
        waiting.current.set(id, t("shell.announce", { server: name, state: t(`common.state.${state}`) }));
      }
    }
  }, [servers, t]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.size === 0) return;
      setText([...waiting.current.values()].join(". "));
      waiting.current.clear();
    }, quietMs);
    return () => clearInterval(timer);
  }, []);

  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
