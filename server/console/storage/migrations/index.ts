import type { Migration } from "kysely";
import { usersSessionsAudit } from "./0001-users-sessions-audit";
import { actAndShare } from "./0002-act-and-share";

/** In order of their names. One that was released is never changed: a further one follows it. */
export const migrations: Record<string, Migration> = {
  "0001-users-sessions-audit": usersSessionsAudit,
  "0002-act-and-share": actAndShare,
};
