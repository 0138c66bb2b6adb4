import { expect, test } from "vitest";
import { parseConfig } from "./file";
import { sampleConfig } from "./sample";
import { keyNames, keyOf } from "./schema";

const file = new URL("../../../config/websocket_config.yaml", import.meta.url);

/** Written anew by `npx vitest run server/websocket-server/config/sample.test.ts -u`. */
test("the sample is that of the schema", async () => {
  await expect(sampleConfig()).toMatchFileSnapshot(file.pathname);
});

test("as it is it sets nothing, and with its keys uncommented it says what the defaults are", () => {
  const text = sampleConfig();
  expect(parseConfig("sample", Buffer.from(text))).toEqual({ values: new Map(), mistakes: [] });
  const uncommented = text.replace(/^( *)# (?=\w+:( |$))/gm, "$1");
  const { values, mistakes } = parseConfig("sample", Buffer.from(uncommented));
  expect(mistakes).toEqual([]);
  const defaults = keyNames.map((name) => [name, keyOf(name).default] as const);
  expect(Object.fromEntries(values)).toEqual(
    Object.fromEntries(defaults.filter(([, value]) => value !== null)),
  );
});
