import { once } from "node:events";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { handshakeText } from "../../testing/raw-websocket";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { keyNames, type Settings, schema } from "../config/schema";
import { LocalLimits } from "../connections/limits";
import { closeServer, listen } from "../listen";
import { createConnectionSide } from "../shards/connection-side";
import { LocalSequencer } from "../topics/local-sequencer";
import { createReplica } from "../topics/replica";
import { HeldPlaces } from "./held-places";
import { Peer } from "./peer";
import { WorkerLimits } from "./worker-limits";

/** Two ends of one stream; what `a` says is heard by `b` once `deliver` is called, and from then on at once. */
function slowPair() {
  let held: Buffer[] | null = [];
  const stream = (hear: (chunk: Buffer) => void) =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        hear(chunk);
        done();
      },
    });
  const a: Duplex = stream((chunk) => (held === null ? b.push(chunk) : held.push(chunk)));
  const b: Duplex = stream((chunk) => a.push(chunk));
  const deliver = () => {
    for (const chunk of held ?? []) b.push(chunk);
    held = null;
  };
  return { a, b, deliver };
}

test("a handshake is cut in time while the main process counts nobody, and its place is free again", async () => {
  const settings = {
    ...Object.fromEntries(keyNames.map((name) => [name, schema[name].default])),
    "connections.handshake_timeout": 0.3,
  } as unknown as Settings;
  const taken = new LocalLimits(() => settings);
  const places = new HeldPlaces(taken);
  const { a, b, deliver } = slowPair();
  const main = new Peer("worker-1", b);
  const answered: unknown[] = [];
  main.expose("main", {
    async reserve(ip: string) {
      const refusal = await places.reserve(ip);
      answered.push(refusal);
      return refusal;
    },
    release: (ip: string) => places.release(ip),
  });
  const replica = createReplica({ settings: () => settings, epoch: "e", fedBySource: () => false });
  const side = createConnectionSide({
    worker: "worker-1",
    settings: () => settings,
    logger: silentLogger(),
    replica,
    sequencer: new LocalSequencer(),
    limits: new WorkerLimits(new Peer("main", a)),
    serverId: () => "test",
    tls: null,
    draining: () => false,
  });
  const { port } = await listen(side.listener, "127.0.0.1", 0, "WEBSOCKET_PORT");
  try {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.write(handshakeText());
    await once(socket, "close");
    expect(text).toBe("");
    expect(replica.counters.refusedByReason).toEqual(new Map([["HANDSHAKE_TIMEOUT", 1]]));

    deliver();
    await until("the place is free", () => answered.length === 1 && taken.taken === 0);
    expect(answered).toEqual([null]);
    expect(side.parts.connections.size).toBe(0);
  } finally {
    side.stop();
    await closeServer(side.listener);
  }
});
