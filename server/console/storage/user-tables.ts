import type { Role } from "../../../lib/contract/console-api";

export interface UserTables {
  users: {
    id: string;
    /** Unique without regard to case. */
    name: string;
    role: Role;
    /** argon2id in PHC form. */
    password_hash: string;
    created_at_ms: number;
    changed_at_ms: number;
  };
  sessions: {
    id: string;
    user_id: string;
    created_at_ms: number;
    last_seen_at_ms: number;
    expires_at_ms: number;
    ip: string;
    user_agent: string;
    revoked_at_ms: number | null;
  };
}
