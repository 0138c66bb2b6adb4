import type { Generated } from "kysely";

export interface AuditTables {
  /** Triggers refuse UPDATE and DELETE. */
  audit_records: {
    id: Generated<number>;
    at_ms: number;
    action_id: string | null;
    phase: "intent" | "result" | "event";
    who: string | null;
    role: string | null;
    what: string;
    target: string | null;
    reason: string | null;
    /** JSON. */
    outcome: string | null;
    /** SHA-256 over the record before it and this one, so that a change from outside shows. */
    hash: string;
  };
}
