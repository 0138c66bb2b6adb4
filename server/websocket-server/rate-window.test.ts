import { expect, test } from "vitest";
import { RateWindow } from "./rate-window";

test("a steady rate reads as itself, and fades ten seconds after it stopped", () => {
  const window = new RateWindow();
  const start = 1_700_000_000_000;
  for (let ms = 0; ms < 30_000; ms += 100) window.add(start + ms);
  expect(window.perSecond(start + 30_000)).toBe(10);
  expect(window.perSecond(start + 35_000)).toBe(5);
  expect(window.perSecond(start + 41_000)).toBe(0);
  expect(window.perSecond(start + 90_000)).toBe(0);
});

test("a young window is measured over the time there was", () => {
  const window = new RateWindow();
  const start = 1_700_000_000_000;
  for (let ms = 0; ms < 2_000; ms += 100) window.add(start + ms);
  expect(window.perSecond(start + 2_000)).toBe(10);
});

test("nothing ever happened reads as none", () => {
  expect(new RateWindow().perSecond(1_700_000_000_000)).toBe(0);
});
