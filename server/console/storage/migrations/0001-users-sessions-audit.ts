import { type Kysely, type Migration, sql } from "kysely";

export const usersSessionsAudit: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("users")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("name", sql`text collate nocase`, (c) => c.notNull().unique())
      .addColumn("role", "text", (c) => c.notNull().check(sql`role in ('viewer', 'operator', 'admin')`))
      .addColumn("password_hash", "text", (c) => c.notNull())
      .addColumn("created_at_ms", "integer", (c) => c.notNull())
      .addColumn("changed_at_ms", "integer", (c) => c.notNull())
      .execute();

    await db.schema
      .createTable("sessions")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("user_id", "text", (c) => c.notNull().references("users.id").onDelete("cascade"))
      .addColumn("created_at_ms", "integer", (c) => c.notNull())
      .addColumn("last_seen_at_ms", "integer", (c) => c.notNull())
      .addColumn("expires_at_ms", "integer", (c) => c.notNull())
      .addColumn("ip", "text", (c) => c.notNull())
      .addColumn("user_agent", "text", (c) => c.notNull())
      .addColumn("revoked_at_ms", "integer")
      .execute();
    await db.schema.createIndex("sessions_by_user").on("sessions").column("user_id").execute();

    await db.schema
      .createTable("audit_records")
      .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
      .addColumn("at_ms", "integer", (c) => c.notNull())
      .addColumn("action_id", "text")
      .addColumn("phase", "text", (c) => c.notNull().check(sql`phase in ('intent', 'result', 'event')`))
      .addColumn("who", "text")
      .addColumn("role", "text")
      .addColumn("what", "text", (c) => c.notNull())
      .addColumn("target", "text")
      .addColumn("reason", "text")
      .addColumn("outcome", "text")
      .addColumn("hash", "text", (c) => c.notNull())
      .execute();
    await db.schema.createIndex("audit_by_time").on("audit_records").column("at_ms").execute();
    await db.schema.createIndex("audit_by_action").on("audit_records").column("action_id").execute();
    for (const change of ["update", "delete"] as const) {
      await sql`create trigger ${sql.raw(`audit_refuses_${change}`)} before ${sql.raw(change)} on audit_records
        begin select raise(abort, 'audit records are only appended'); end`.execute(db);
    }
    // REPLACE deletes without asking the trigger for deletes.
    await sql`create trigger audit_refuses_replace before insert on audit_records
      when exists (select 1 from audit_records where id = new.id)
      begin select raise(abort, 'audit records are only appended'); end`.execute(db);
  },
};
