import type { ExpressionBuilder } from "kysely";
import type { IncidentList, IncidentsQuery } from "../../../lib/contract/console-api";
import type { Database } from "../storage/database";
import { toIncidentSummary } from "./incident-store";
import type { IncidentDeps } from "./incidents";

const medianWindowMs = 30 * 86_400_000;

/** Active ones first, in each part the newest first. */
export async function listIncidents({ db, now }: IncidentDeps, query: IncidentsQuery): Promise<IncidentList> {
  const matched = db.selectFrom("incidents").where((eb) => matches(eb, query));
  const rows = await matched
    .selectAll()
    .orderBy((eb) => eb.case().when("status", "=", "resolved").then(1).else(0).end())
    .orderBy("started_at_ms", "desc")
    .orderBy("number", "desc")
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  const { total } = await matched
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const recent = await matched
    .select(["started_at_ms", "detected_at_ms", "mitigated_at_ms"])
    .where("started_at_ms", ">=", now() - medianWindowMs)
    .execute();
  return {
    incidents: rows.map(toIncidentSummary),
    total: Number(total),
    medianDetectMs: median(recent.map((row) => row.detected_at_ms - row.started_at_ms)),
    medianMitigateMs: median(
      recent.flatMap((row) =>
        row.mitigated_at_ms === null ? [] : [row.mitigated_at_ms - row.started_at_ms],
      ),
    ),
  };
}

function matches(eb: ExpressionBuilder<Database, "incidents">, query: IncidentsQuery) {
  const conditions = [];
  if (query.severity) conditions.push(eb("severity", "=", query.severity));
  if (query.status) conditions.push(eb("status", "=", query.status));
  if (query.q) {
    // The store lowers ASCII letters alone; so the other side does the same.
    const text = query.q.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const number = /^(?:inc-?)?([1-9]\d{0,8})$/.exec(text)?.[1];
    // Not `like`: what people type has percent signs and underscores in it.
    const holds = (column: "title" | "lead" | "server_ids" | "cause") => {
      const lowered = eb.fn<string>("lower", [column]);
      return eb(eb.fn<string>("replace", [lowered, eb.val(text), eb.val("")]), "!=", lowered);
    };
    conditions.push(
      eb.or([
        holds("title"),
        holds("lead"),
        holds("server_ids"),
        holds("cause"),
        eb("number", "=", number === undefined ? -1 : Number(number)),
      ]),
    );
  }
  return eb.and(conditions);
}

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] ?? upper) + upper) / 2;
}
