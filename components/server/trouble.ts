import type { ServerState } from "@/lib/contract/console-api";

/** States in which a server tells nothing new, so that what is on screen are its last values. */
export const silentStates = ["down", "hanging", "no_data", "mismatch"] as const satisfies ServerState[];
export type SilentState = (typeof silentStates)[number];

export function isSilent(state: ServerState): state is SilentState {
  return (silentStates as readonly ServerState[]).includes(state);
}
