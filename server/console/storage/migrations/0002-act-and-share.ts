import type { Kysely, Migration } from "kysely";

/** Actions, incidents with their timelines, snapshots and public links. */
export const actAndShare: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("actions")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("day", "text", (c) => c.notNull())
      .addColumn("number", "integer", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("server_id", "text", (c) => c.notNull())
      .addColumn("state", "text", (c) => c.notNull())
      .addColumn("by_user_id", "text", (c) => c.notNull())
      .addColumn("by_name", "text", (c) => c.notNull())
      .addColumn("reason", "text", (c) => c.notNull())
      .addColumn("started_at_ms", "integer", (c) => c.notNull())
      .addColumn("finished_at_ms", "integer")
      .addColumn("settles_at_ms", "integer")
      .addColumn("body", "text", (c) => c.notNull())
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
      .addColumn("number", "integer", (c) => c.primaryKey())
      .addColumn("title", "text", (c) => c.notNull())
      .addColumn("severity", "text", (c) => c.notNull())
      .addColumn("status", "text", (c) => c.notNull())
      .addColumn("server_ids", "text", (c) => c.notNull())
      .addColumn("lead", "text", (c) => c.notNull())
      .addColumn("cause", "text", (c) => c.notNull())
      .addColumn("started_at_ms", "integer", (c) => c.notNull())
      .addColumn("detected_at_ms", "integer", (c) => c.notNull())
      .addColumn("mitigated_at_ms", "integer")
      .addColumn("resolved_at_ms", "integer")
      .execute();
    await db.schema.createIndex("incidents_by_time").on("incidents").column("started_at_ms").execute();

    await db.schema
      .createTable("incident_entries")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("incident_number", "integer", (c) => c.notNull().references("incidents.number"))
      .addColumn("position", "integer", (c) => c.notNull())
      .addColumn("at_ms", "integer", (c) => c.notNull())
      .addColumn("kind", "text", (c) => c.notNull())
      .addColumn("by_name", "text", (c) => c.notNull())
      .addColumn("text", "text")
      .addColumn("params", "text", (c) => c.notNull())
      .addColumn("snapshot_id", "text")
      .addUniqueConstraint("incident_entries_position", ["incident_number", "position"])
      .execute();

    await db.schema
      .createTable("snapshots")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("page", "text", (c) => c.notNull())
      .addColumn("server_id", "text")
      .addColumn("path", "text", (c) => c.notNull())
      .addColumn("from_ms", "integer", (c) => c.notNull())
      .addColumn("to_ms", "integer", (c) => c.notNull())
      .addColumn("taken_at_ms", "integer", (c) => c.notNull())
      .addColumn("taken_by", "text", (c) => c.notNull())
      .addColumn("incident_number", "integer", (c) => c.references("incidents.number"))
      .addColumn("format", "integer", (c) => c.notNull())
      .addColumn("payload", "blob", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("snapshots_by_time").on("snapshots").column("taken_at_ms").execute();
    await db.schema
      .createIndex("snapshots_by_incident")
      .on("snapshots")
      .columns(["incident_number", "taken_at_ms"])
      .execute();

    await db.schema
      .createTable("links")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("token_hash", "text", (c) => c.notNull().unique())
      .addColumn("snapshot_id", "text", (c) => c.references("snapshots.id"))
      .addColumn("incident_number", "integer", (c) => c.references("incidents.number"))
      .addColumn("incident_payload", "blob")
      .addColumn("redaction", "text", (c) => c.notNull())
      .addColumn("created_at_ms", "integer", (c) => c.notNull())
      .addColumn("created_by", "text", (c) => c.notNull())
      .addColumn("expires_at_ms", "integer", (c) => c.notNull())
      .addColumn("revoked_at_ms", "integer")
      .addColumn("last_opened_at_ms", "integer")
      .execute();
    await db.schema.createIndex("links_by_snapshot").on("links").column("snapshot_id").execute();
    await db.schema.createIndex("links_by_incident").on("links").column("incident_number").execute();
  },
};
