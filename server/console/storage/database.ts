import type { Kysely, Transaction } from "kysely";
import type { ActAndShareTables } from "./act-and-share-tables";
import type { AuditTables } from "./audit-tables";
import type { UserTables } from "./user-tables";

/** Every table of the store. A migration that adds tables adds their interface here. */
export interface Database extends UserTables, AuditTables, ActAndShareTables {}

export type Store = Kysely<Database>;
/** Either the store itself or a transaction on it. Never ask the store inside a transaction: it waits for it. */
export type StoreOrTransaction = Store | Transaction<Database>;
