import { afterEach, expect, test } from "vitest";
import { until } from "../test-service";
import { EventLoopMonitor } from "./event-loop";

const monitor = new EventLoopMonitor();
afterEach(() => monitor.stop());

test("a blocked loop shows in the next second's delay and utilisation, even right after a reading", async () => {
  monitor.start();
  const before = monitor.newest;
  await until(() => monitor.newest !== before);
  const end = performance.now() + 300;
  while (performance.now() < end);
  const during = monitor.newest;
  await until(() => monitor.newest !== during);
  expect(monitor.newest.delayP99Ms).toBeGreaterThan(200);
  expect(monitor.newest.delayMaxMs).toBeGreaterThanOrEqual(monitor.newest.delayP99Ms);
  expect(monitor.newest.utilization).toBeGreaterThan(0.2);
});
