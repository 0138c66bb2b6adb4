import type { Role } from "../../../lib/contract/console-api";

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether a role is `least` or above it. What is no role, as `token`, lets nobody pass. */
export function isAtLeast(role: Role, least: string): boolean {
  return Object.hasOwn(rank, least) && rank[role] >= rank[least as Role];
}
