import { expect, test } from "vitest";
import { EventRing } from "./event-ring";

test("keeps the newest fifty, newest first", () => {
  const ring = new EventRing();
  for (let n = 1; n <= 3; n++) ring.add("subscribed", String(n));
  expect(ring.newest().map(({ detail }) => detail)).toEqual(["3", "2", "1"]);
  for (let n = 4; n <= 120; n++) ring.add("refused", String(n));
  expect(ring.newest().map(({ detail }) => Number(detail))).toEqual(
    Array.from({ length: 50 }, (_, i) => 120 - i),
  );
  expect(ring.newest()[0]).toMatchObject({ event: "refused", at_ms: expect.any(Number) });
});
