import { Recycle, RefreshCw, Unplug } from "lucide-react";
import type { ActionKind } from "@/lib/contract/console-api";

const icons = { "cleanup-connections": Unplug, "force-gc": Recycle, "reload-config": RefreshCw } as const;

export function ActionIcon({ kind, size = 15 }: { kind: ActionKind; size?: number }) {
  const Icon = icons[kind];
  return <Icon size={size} aria-hidden />;
}
