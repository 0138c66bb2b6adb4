import type { DialectName } from "./dialect";

/** What the bench tells the load client to do, and what that answers. */
export interface Orders {
  /** `count` clients; client `i` subscribes to `topics[i % topics.length]`, none when there are no topics. */
  open: {
    in: { port: number; dialect: DialectName; count: number; topics: string[]; abreast: number };
    out: { seconds: number };
  };
  /** Keeps `inFlight` messages of `bytes` on their way, round robin over the topics. */
  flood: {
    in: { topics: string[]; subscribers: number; inFlight: number; seconds: number };
    out: { deliveries: number; seconds: number; clientBusy: number };
  };
  /** `rate` messages a second in even steps; delays run from the publisher's write to the read of the last byte. */
  steady: {
    in: { topics: string[]; subscribers: number; rate: number; seconds: number; stragglersMs: number };
    out: {
      expected: number;
      deliveries: number;
      p50Ms: number | null;
      p99Ms: number | null;
      maxMs: number | null;
      clientBusy: number;
    };
  };
  /** Opens clients that subscribe and then never read again. */
  stall: { in: { port: number; dialect: DialectName; count: number; topics: string[] }; out: object };
  /** Messages of another size that no figure counts: to what the stalled subscribe to besides. */
  bulk: { in: { topic: string; bytes: number; rate: number; seconds: number }; out: object };
  /** Keeps `outstanding` requests of one client unanswered; the answers are counted. */
  requests: {
    in: { op: "ping" | "publish"; topic: string; outstanding: number; seconds: number };
    out: { answers: number; seconds: number; clientBusy: number };
  };
  count: { in: object; out: { open: number; closed: number } };
  closeAll: { in: object; out: object };
}

export type OrderName = keyof Orders;
export type Order = { [N in OrderName]: { id: number; name: N; in: Orders[N]["in"] } }[OrderName];
export type Outcome = { id: number; out: unknown } | { id: number; error: string };
