import { availableParallelism, totalmem } from "node:os";
import { expect, test } from "vitest";
import { readAvailableCores } from "./available-cores";
import { readMemoryLimit } from "./memory-limit";
import { readThreads } from "./threads";

test("the limits are within the machine's", () => {
  const limit = readMemoryLimit();
  expect(limit.bytes).toBeGreaterThan(0);
  expect(limit.bytes).toBeLessThanOrEqual(totalmem());
  expect(readAvailableCores()).toBeGreaterThan(0);
  expect(readAvailableCores()).toBeLessThanOrEqual(availableParallelism());
});

test.runIf(process.platform === "linux")("lists this process's threads, this one running", async () => {
  const { threads, reason } = await readThreads();
  expect(reason).toBeNull();
  expect(threads?.length).toBeGreaterThan(4);
  expect(threads?.some((thread) => thread.cpu_seconds_total > 0)).toBe(true);
});
