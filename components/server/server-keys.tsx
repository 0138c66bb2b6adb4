"use client";

import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActions } from "@/components/actions/actions-context";
import { type Shortcut, useShortcuts } from "@/components/shell/shortcuts";
import { useServerDetail } from "@/lib/live/live-context";
import { serverTabs, tabOf, tabPath } from "./server-tabs";

/** Keys of every page of a server. */
export function ServerKeys({ serverId }: { serverId: string }) {
  const t = useTranslations("server");
  const router = useRouter();
  const tab = tabOf(usePathname());
  const detail = useServerDetail();
  const actions = useActions();
  const go = (id: string | null | undefined) => {
    if (id) router.push(tabPath(id, tab));
  };
  const open = (kind: "cleanup-connections" | "reload-config") => {
    if (actions?.allowed) actions.open(kind);
  };
  const shortcuts: Shortcut[] = [
    { keys: ["c"], print: ["C"], label: t("keys.cleanup"), run: () => open("cleanup-connections") },
    { keys: ["r"], print: ["R"], label: t("keys.reload"), run: () => open("reload-config") },
    {
      keys: serverTabs.map((_, i) => String(i + 1)),
      print: serverTabs.map((_, i) => String(i + 1)),
      label: t("keys.tabs"),
      run: (event) => {
        const chosen = serverTabs[Number(event.key) - 1];
        if (chosen && chosen !== tab) router.push(tabPath(serverId, chosen));
      },
    },
    {
      keys: ["["],
      print: ["["],
      label: t("previous"),
      run: () => go(detail?.previousServerId),
      scope: "everywhere",
    },
    { keys: ["]"], print: ["]"], label: t("next"), run: () => go(detail?.nextServerId), scope: "everywhere" },
  ];
  useShortcuts(actions?.allowed ? shortcuts : shortcuts.slice(2));
  return null;
}
