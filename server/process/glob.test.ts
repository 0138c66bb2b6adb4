import { expect, test } from "vitest";
import { matchesGlob } from "./glob";

test.each([
  ["chat.*", "chat.a", true],
  ["chat.*", "chat.", true],
  ["chat.*", "chat", false],
  ["chat.*", "xchat.a", false],
  ["*", "anything", true],
  ["a*c", "abc", true],
  ["a*c", "ac", true],
  ["a*c", "acb", false],
  ["a*a", "a", false],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["chat.a", "chat.a", true],
  ["chat.a", "chat.ab", false],
  ["chat.?", "chat.a", false],
])("%s and %s: %s", (pattern, name, matches) => {
  expect(matchesGlob(pattern, name)).toBe(matches);
});
