import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Kysely, Migrator, sql } from "kysely";
import LibsqlDatabase from "libsql";
import { StartupError } from "../startup-error";
import { prepareDataDir } from "./data-dir";
import type { Database, Store } from "./database";
import { migrations } from "./migrations";
import { ImmediateSqliteDialect } from "./sqlite-dialect";

/**
 * Opens the store of a data folder, made when missing, and brings it up to date. A write is on the disk when
 * its promise resolves: it survives a kill at any moment. Throws StartupError when it can't be used.
 */
export async function openStore(dataDir: string): Promise<Store> {
  const folder = prepareDataDir(dataDir);
  const path = join(folder, "wirewatch.db");
  const raw = openFile(path);
  const store = new Kysely<Database>({ dialect: new ImmediateSqliteDialect({ database: raw }) });
  try {
    raw.pragma("busy_timeout = 5000");
    raw.pragma("journal_mode = WAL");
    raw.pragma("synchronous = FULL");
    raw.pragma("foreign_keys = ON");
    chmodSync(path, 0o600);
    await migrate(store, path);
    return store;
  } catch (error) {
    await store.destroy();
    if (error instanceof StartupError) throw error;
    throw new StartupError(`can't use the store ${path}: ${messageOf(error)}`, 1, error);
  }
}

function openFile(path: string): LibsqlDatabase.Database {
  try {
    return new LibsqlDatabase(path);
  } catch (error) {
    throw new StartupError(`can't open the store ${path}: ${messageOf(error)}`, 1, error);
  }
}

async function migrate(store: Store, path: string): Promise<void> {
  const newest = await newestMigration(store);
  if (newest !== null && !(newest in migrations)) {
    throw new StartupError(
      `the store ${path} was written by a newer version of Wirewatch (it has ${newest}): start that version or use another data folder`,
    );
  }
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function newestMigration(store: Store): Promise<string | null> {
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name = 'kysely_migration'`.execute(store);
  if (tables.rows.length === 0) return null;
  const found = await sql<{ name: string }>`
    select name from kysely_migration order by name desc limit 1`.execute(store);
  return found.rows[0]?.name ?? null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
