import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { Peer } from "./peer";
import { WorkerSequencer } from "./worker-sequencer";

const megabyte = "x".repeat(1_048_576);

/** Takes everything and answers nothing, as a main process that hangs. */
function deaf(): Duplex {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

test("messages for a main process that hangs are bounded in bytes, and the others are refused with a code", async () => {
  const sequencer = new WorkerSequencer(new Peer("main", deaf()), "e");
  let refused = 0;
  for (let i = 0; i < 40; i++) {
    sequencer.publish("a", megabyte).catch((error: { code: string }) => {
      expect(error.code).toBe("CACHE_UNAVAILABLE");
      refused++;
    });
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(refused).toBe(8);
  await expect(sequencer.publish("a", megabyte)).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
});
