import type {
  ClosedConnections,
  ConnectionDetail,
  Connection as ConnectionRow,
  ConnectionsByIp,
  ConnectionsQuery,
} from "../../../lib/contract/service-api";
import type { ShardFigures } from "../stats/shard-figures";
import type { SubscriptionsEnd, TopicHolders } from "./topic-holders";
import type { CleanupFilter, Zombie } from "./zombies";

/** Connections in the order of a query, by id; `keys` holds what they are sorted by. */
export interface Selection {
  total: number;
  ids: string[];
  /** Null without a sort: then they stand in the order in which they were opened. */
  keys: (number | string | null)[] | null;
}

/** A connection is looked at again at its turn: it may have come to life or gone meanwhile. */
export type CloseOutcome = "closed" | "spared" | "already_gone";

/**
 * What holds connections: this process, or one worker each. Arguments and results cross process borders, so
 * all of them are structured-cloneable.
 */
export interface Shard {
  /** As GET /admin/threads names it. */
  readonly worker: string;
  figures(): Promise<ShardFigures>;

  /** The first `atMost` connections that fit. */
  selectConnections(query: ConnectionsQuery, atMost: number): Promise<Selection>;
  /** Rows in the order of `ids`, without those that closed meanwhile. */
  connectionRows(ids: string[]): Promise<ConnectionRow[]>;
  /** Null when it is not here. */
  connection(id: string): Promise<ConnectionDetail | null>;
  /** False when it is not here. */
  closeConnection(id: string, code: number, reason: string): Promise<boolean>;
  connectionsByIp(): Promise<ConnectionsByIp>;
  /** Newest first. */
  closedConnections(
    limit: number,
    side?: ClosedConnections["closes"][number]["side"],
  ): Promise<ClosedConnections>;

  /** Of every topic that has subscribers or deliveries here. */
  topicHolders(): Promise<TopicHolders[]>;
  /** Ends subscriptions and tells their clients. Answers how many. */
  endSubscriptions(ends: SubscriptionsEnd[]): Promise<number>;

  zombies(filter: CleanupFilter): Promise<Zombie[]>;
  /** Pings them now, whatever the heartbeat's interval says. */
  ping(ids: string[]): Promise<void>;
  /** Those of `ids` that are open and whose ping has not been answered. */
  unanswered(ids: string[]): Promise<string[]>;
  /** One outcome each, in the same order. */
  closeZombies(
    zombies: Pick<Zombie, "id" | "kind">[],
    filter: CleanupFilter,
    pinged: boolean,
  ): Promise<CloseOutcome[]>;
  /** How many of `ids` have not ended yet. */
  countLeft(ids: string[]): Promise<number>;
  /** From now on notes which of `ips` connect again; more are added under the same name. */
  watchAddresses(watch: string, ips: string[]): Promise<void>;
  cameBack(watch: string): Promise<string[]>;
  endWatch(watch: string): Promise<void>;

  /** Whether handshakes are accepted. A worker that hangs is not waited for: it heeds it first of all when it wakes. */
  setAccepting(accepting: boolean): Promise<void>;
  connectionIds(): Promise<string[]>;
  /** Tells them why they are closed and when to come back. Answers how many were told. */
  goodbye(ids: string[], code: number, reason: string, graceMs: number): Promise<number>;
  /** Tells every client that the service stops and ends all connections; resolves once they are gone. */
  sayGoodbye(timeoutMs: number): Promise<void>;
}
