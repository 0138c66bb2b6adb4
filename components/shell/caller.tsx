"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Role } from "@/lib/contract/console-api";

export interface ShellCaller {
  name: string;
  role: Role;
}

const CallerContext = createContext<ShellCaller | null>(null);

export function CallerProvider({ caller, children }: { caller: ShellCaller; children: ReactNode }) {
  return <CallerContext value={caller}>{children}</CallerContext>;
}

/** Who is signed in; null on public pages. */
export function useCaller(): ShellCaller | null {
  return useContext(CallerContext);
}
