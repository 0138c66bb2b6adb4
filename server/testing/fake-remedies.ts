import type { CleanupRequest, CleanupResult, Connection, Job } from "../../lib/contract/service-api";
import type { FakeMember } from "./fake-member";

export function connectionFixture(id: string, ip = "203.0.113.41"): Connection {
  return {
    id,
    remote_ip: ip,
    remote_port: 50_123,
    user_agent: "test-client/1.0",
    connected_at_ms: 1_700_000_000_000,
    idle_time: 612,
    last_message_at_ms: null,
    rtt_ms: 12,
    subscriptions: 0,
    messages_in_total: 1,
    messages_out_total: 2,
    bytes_in_total: 10,
    bytes_out_total: 20,
    buffered_bytes: 1_000,
    dropped_total: 0,
    state: "active",
  };
}

/** What a fake member matched, and how far a job of it closes. */
export interface FakeRemedies {
  matched: number;
  /** Closed at the end; the rest of the matched stays open. */
  closes: number;
  spared: number;
  /** Asks for the job until it has ended; Infinity never ends it. */
  asksUntilEnd: number;
  validConfig: boolean;
  /** Bodies of the clean-ups that were not dry runs. */
  readonly cleanups: CleanupRequest[];
  reloads: number;
  collections: number;
}

/** Gives a fake member the endpoints that actions call. */
export function addRemedies(member: FakeMember): FakeRemedies {
  const remedies: FakeRemedies = {
    matched: 10,
    closes: 10,
    spared: 0,
    asksUntilEnd: 2,
    validConfig: true,
    cleanups: [],
    reloads: 0,
    collections: 0,
  };
  let asks = 0;
  const result = (ended: boolean): CleanupResult => ({
    candidates: { total: remedies.matched, idle: remedies.matched, stuck: 0, listed: 0 },
    buffered_bytes: 5_000,
    queued_messages: 7,
    spared: ended ? remedies.spared : 0,
    closed: ended ? remedies.closes : 1,
    already_gone: 0,
    came_back: 0,
    sample: [connectionFixture("c-1")],
    by_ip: [{ remote_ip: "203.0.113.41", connections: remedies.matched }],
  });
  const job = (dryRun: boolean, ended: boolean): Job => ({
    id: dryRun ? "dry" : "job-1",
    kind: "cleanup-connections",
    state: ended ? "succeeded" : "running",
    dry_run: dryRun,
    created_at_ms: 1,
    finished_at_ms: ended ? 2 : null,
    done: ended ? remedies.matched : 1,
    total: remedies.matched,
    result: dryRun ? { ...result(false), closed: 0 } : result(ended),
    error: null,
  });
  member.answers.set("/admin/cleanup-connections", (_, body) => {
    const request = body as CleanupRequest;
    if (request.dry_run) return { body: job(true, true) };
    remedies.cleanups.push(request);
    asks = 0;
    return { body: job(false, false) };
  });
  member.answers.set("/admin/jobs/job-1", () => {
    asks += 1;
    return { body: job(false, asks >= remedies.asksUntilEnd) };
  });
  member.answers.set("/admin/gc-stats", () => ({
    body: {
      isolates: 1,
      collections: [],
      heap_spaces: [],
      heap_used_bytes: 5,
      heap_limit_bytes: 10,
      heap_after_full_gc_bytes: 4,
      last_forced_at_ms: null,
    },
  }));
  member.answers.set("/admin/gc", () => {
    remedies.collections += 1;
    const before = { rss_bytes: 900, heap_used_bytes: 500, external_bytes: 10 };
    return {
      body: {
        freed_bytes: 400,
        pause_ms: 3,
        before,
        after: { ...before, heap_used_bytes: 100 },
        isolates: [],
      },
    };
  });
  member.answers.set("/admin/reload-config", (_, body) => {
    const dry = (body as { dry_run?: boolean }).dry_run === true;
    if (!dry) remedies.reloads += 1;
    const mistake = {
      file: "/srv/secret/websocket.yaml",
      line: 3,
      column: 1,
      key: "connections.max",
      expected: "a whole number",
      message: "is text",
    };
    const change = { key: "connections.max", before: 1, after: 2, hot: true };
    return {
      status: remedies.validConfig ? 200 : 422,
      body: {
        valid: remedies.validConfig,
        dry_run: dry,
        file: "/srv/secret/websocket.yaml",
        changes: remedies.validConfig ? [change] : [],
        applied: remedies.validConfig && !dry ? ["connections.max"] : [],
        needs_restart: [],
        overridden: [],
        mistakes: remedies.validConfig ? [] : [mistake],
      },
    };
  });
  return remedies;
}
