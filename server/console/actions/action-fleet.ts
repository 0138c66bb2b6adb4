import type { MemberClient } from "../fleet/member-client";
import type { Fleet } from "../runtime";

/** What actions need of the fleet. */
export interface ActionFleet extends Pick<Fleet, "server"> {
  /** Throws UNKNOWN_SERVER. */
  member(serverId: string): MemberClient;
}
