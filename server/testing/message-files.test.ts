import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { argumentsOf, checkMessages } from "./message-files.mjs";

const folder = mkdtempSync(join(tmpdir(), "messages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["Sign in", []],
  ["Hello {name}", ["name"]],
  ["{count, plural, one {# server} other {# servers of {fleet}}}", ["count", "fleet"]],
  [
    "{kind, select, gc {{bytes} freed} other {done by {name}}} at {at, time, short}",
    ["at", "bytes", "kind?", "name"],
  ],
  ["{n} {count, plural, one {server} other {servers}}", ["count?", "n"]],
  ["See <link>the guide</link>", ["<link>"]],
  ["'{not}' an argument, {this} is", ["this"]],
  ["it''s {name}", ["name"]],
])("tells the arguments of %s", (message, expected) => {
  expect(argumentsOf(message)).toEqual(expected);
});

test("names each key that one language lacks and each text with other arguments", () => {
  for (const locale of ["en", "zh-CN"]) mkdirSync(join(folder, locale), { recursive: true });
  const write = (file: string, texts: object) => writeFileSync(join(folder, file), JSON.stringify(texts));
  write("en/fleet.json", {
    title: "Fleet",
    row: {
      up: "{count} up",
      since: "since {at, time}",
      of: "{n} of {count, plural, one {one server} other {several servers}}",
    },
  });
  write("zh-CN/fleet.json", { title: "集群", row: { up: "{total} 台正常", of: "{n} 台" }, more: "多" });
  expect(checkMessages(folder)).toEqual([
    "zh-CN: fleet.row.since is missing",
    "zh-CN: fleet.more is not in en",
    "zh-CN: fleet.row.up leaves out {count}",
    "zh-CN: fleet.row.up takes {total}, which en does not",
  ]);
});
