import { expect, test } from "vitest";
import { judge } from "./liveness";

const well = { silentMs: 900, backlogBytes: 0, standsStill: false };

test.each([
  ["one that told of itself a second ago", well, "answers"],
  ["one that was silent for three", { ...well, silentMs: 3_001 }, "hangs"],
  ["one that was silent for a minute", { ...well, silentMs: 60_001 }, "lost"],
  ["one that writes a large heap snapshot", { ...well, silentMs: 300_000, standsStill: true }, "hangs"],
  ["one that takes nothing of what it is told", { ...well, backlogBytes: 67_108_865 }, "lost"],
  ["the same while it writes", { silentMs: 9_000, backlogBytes: 67_108_865, standsStill: true }, "lost"],
] as const)("%s", (_, sign, judgement) => {
  expect(judge(sign)).toBe(judgement);
});
