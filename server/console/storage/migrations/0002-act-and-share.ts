import type { Kysely } from "kysely";

/** Actions, incidents with their timelines, snapshots and public links. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("actions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("day", "text", (column) => column.notNull())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("server_id", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("by_user_id", "text", (column) => column.notNull())
    .addColumn("by_name", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("started_at_ms", "bigint", (column) => column.notNull())
    .addColumn("finished_at_ms", "bigint")
    .addColumn("settles_at_ms", "bigint")
    .addColumn("body", "text", (column) => column.notNull())
    .addUniqueConstraint("actions_day_number", ["day", "number"])
    .execute();
  await db.schema.createIndex("actions_by_time").on("actions").column("started_at_ms").execute();
  await db.schema
    .createIndex("actions_by_server")
    .on("actions")
    .columns(["server_id", "started_at_ms"])
    .execute();

  await db.schema
    .createTable("incidents")
    .addColumn("number", "integer", (column) => column.primaryKey())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("server_ids", "text", (column) => column.notNull())
    .addColumn("lead", "text", (column) => column.notNull())
    .addColumn("cause", "text", (column) => column.notNull())
    .addColumn("started_at_ms", "bigint", (column) => column.notNull())
    .addColumn("detected_at_ms", "bigint", (column) => column.notNull())
    .addColumn("mitigated_at_ms", "bigint")
    .addColumn("resolved_at_ms", "bigint")
    .execute();
  await db.schema.createIndex("incidents_by_time").on("incidents").column("started_at_ms").execute();

  await db.schema
    .createTable("incident_entries")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("incident_number", "integer", (column) => column.notNull().references("incidents.number"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("by_name", "text", (column) => column.notNull())
    .addColumn("text", "text")
    .addColumn("params", "text", (column) => column.notNull())
    .addColumn("snapshot_id", "text")
    .addUniqueConstraint("incident_entries_position", ["incident_number", "position"])
    .execute();

  await db.schema
    .createTable("snapshots")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("page", "text", (column) => column.notNull())
    .addColumn("server_id", "text")
    .addColumn("path", "text", (column) => column.notNull())
    .addColumn("from_ms", "bigint", (column) => column.notNull())
    .addColumn("to_ms", "bigint", (column) => column.notNull())
    .addColumn("taken_at_ms", "bigint", (column) => column.notNull())
    .addColumn("taken_by", "text", (column) => column.notNull())
    .addColumn("incident_number", "integer", (column) => column.references("incidents.number"))
    .addColumn("format", "integer", (column) => column.notNull())
    .addColumn("payload", "blob", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("snapshots_by_time").on("snapshots").column("taken_at_ms").execute();
  await db.schema
    .createIndex("snapshots_by_incident")
    .on("snapshots")
    .columns(["incident_number", "taken_at_ms"])
    .execute();

  await db.schema
    .createTable("links")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("snapshot_id", "text", (column) => column.references("snapshots.id"))
    .addColumn("incident_number", "integer", (column) => column.references("incidents.number"))
    .addColumn("incident_payload", "blob")
    .addColumn("redaction", "text", (column) => column.notNull())
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("created_by", "text", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .addColumn("revoked_at_ms", "bigint")
    .addColumn("last_opened_at_ms", "bigint")
    .execute();
  await db.schema.createIndex("links_by_snapshot").on("links").column("snapshot_id").execute();
  await db.schema.createIndex("links_by_incident").on("links").column("incident_number").execute();
}
