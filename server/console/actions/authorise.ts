import type { Role } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import type { Audit } from "../audit/audit";
import { isAtLeast } from "../auth/role-rank";
import type { Caller } from "../runtime";

/**
 * Throws FORBIDDEN when the caller's role is below `least`, and leaves a record of the attempt. The route
 * checks as well; this check holds for whoever calls from elsewhere.
 */
export async function authorise(
  audit: Audit,
  caller: Caller,
  least: Role,
  attempt: { what: string; target?: string },
): Promise<void> {
  if (isAtLeast(caller.role, least)) return;
  await audit.append({
    ...attempt,
    phase: "event",
    who: caller,
    outcome: { ok: false, code: "FORBIDDEN", needs: least },
  });
  throw new CodedError("FORBIDDEN", `${attempt.what} needs the role ${least}`, { needs: least });
}
