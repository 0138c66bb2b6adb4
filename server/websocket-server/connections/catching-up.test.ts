import { afterEach, expect, test } from "vitest";
import { startTestService, type TestService, until } from "../test-service";
import { transcript } from "./test-transcript";

let service: TestService;
afterEach(() => service.end());

test("a client can't have more waited for than 10,000 numbers", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "t.*" });
  const client = await service.client();
  const said = transcript(client);
  const { epoch } = await client.request({ op: "subscribe", topic: "t.a" });
  const ahead = (count: number) => {
    const seqs = Object.fromEntries(Array.from({ length: count }, (_, index) => [`t.${index}`, 1]));
    return { epoch, seqs };
  };
  const answers = ["t.1*", "t.2*", "t.3*"].map((topic) =>
    client.request({ op: "subscribe", topic, since: ahead(4_000) }),
  );
  const pong = client.request({ op: "ping" });
  expect((await Promise.all([...answers, pong])).every(({ ok }) => ok)).toBe(true);
  await until(() => said.length >= 4);
  const order = said.filter(({ id }) => id !== undefined).map(({ topic }) => topic ?? "pong");
  // The third is over the limit and answered at once; the others are waited for.
  expect(order.slice(-4)).toEqual(["t.3*", "pong", "t.1*", "t.2*"]);
});
