import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { name, role } = await requireCaller();
  return (
    <Shell caller={{ name, role }} fleet={runtime().fleet.snapshot()}>
      {children}
    </Shell>
  );
}
