import { afterEach, expect, test } from "vitest";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service.end());

test("bursts of large messages don't cost a client that reads its connection", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "big" });
  const client = await service.client();
  const closes: number[] = [];
  client.on("close", (code) => closes.push(code));
  let newest = 0;
  client.onMessage(({ seq }) => {
    newest = seq;
  });
  await client.subscribe("big");
  const data = "x".repeat(1_000_000);
  for (let burst = 0; burst < 5; burst++) {
    for (let n = 0; n < 4; n++) service.publish("big", data);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => newest === 20 || closes.length > 0);
  expect(closes).toEqual([]);
});
