import type {
  ActionKind,
  IncidentStatus,
  Marker,
  Severity,
  Snapshot,
} from "../../../lib/contract/console-api";

/** Columns `body`, `server_ids`, `params` and `redaction` hold JSON; payloads are deflated JSON. */
export interface ActAndShareTables {
  actions: {
    id: string;
    /** UTC day as `2026-11-23`, of which `number` counts the actions. */
    day: string;
    number: number;
    kind: ActionKind;
    server_id: string;
    state: Marker["state"];
    by_user_id: string;
    by_name: string;
    reason: string;
    started_at_ms: number;
    finished_at_ms: number | null;
    settles_at_ms: number | null;
    body: string;
  };
  incidents: {
    /** `INC-` and this number is the id that people see. */
    number: number;
    title: string;
    severity: Severity;
    status: IncidentStatus;
    server_ids: string;
    lead: string;
    cause: string;
    started_at_ms: number;
    detected_at_ms: number;
    mitigated_at_ms: number | null;
    resolved_at_ms: number | null;
  };
  incident_entries: {
    id: string;
    incident_number: number;
    /** Order within the incident, also of entries of the same millisecond. */
    position: number;
    at_ms: number;
    kind: "declared" | "note" | "snapshot" | "status" | "severity" | "title" | "lead";
    by_name: string;
    text: string | null;
    params: string;
    snapshot_id: string | null;
  };
  snapshots: {
    id: string;
    page: Snapshot["page"];
    server_id: string | null;
    path: string;
    from_ms: number;
    to_ms: number;
    taken_at_ms: number;
    taken_by: string;
    incident_number: number | null;
    /** Of the payload: grows when a stored payload can no longer be read by the schema of today. */
    format: number;
    payload: Buffer;
  };
  links: {
    id: string;
    /** SHA-256 in hex: the token itself is told once and never kept. */
    token_hash: string;
    snapshot_id: string | null;
    incident_number: number | null;
    /** The incident as it was when the link was made. */
    incident_payload: Buffer | null;
    redaction: string;
    created_at_ms: number;
    created_by: string;
    expires_at_ms: number;
    revoked_at_ms: number | null;
    last_opened_at_ms: number | null;
  };
}
