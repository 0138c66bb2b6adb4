import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Route, serviceRoutes } from "../../lib/contract/routes";
import { prometheusNames } from "../../lib/contract/service-api";
import { keyNames, keyOf, variableOf } from "./config/schema";
import { protocolErrors } from "./connections/protocol";

const text = readFileSync(new URL("../../docs/service-api.md", import.meta.url), "utf8");

test.each(Object.values<Route>(serviceRoutes).map((route) => `${route.method} ${route.path}`))(
  "%s is documented",
  (name) => {
    expect(text).toContain(`\`${name}\``);
  },
);

test("no route is documented that is not served", () => {
  const served = Object.values<Route>(serviceRoutes).map((route) => `${route.method} ${route.path}`);
  const documented = [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?]*)`/g)].map(
    (match) => match[1],
  );
  expect(new Set(documented)).toEqual(new Set(served));
});

test.each([...prometheusNames])("%s is documented", (name) => {
  expect(text).toContain(`\`${name}\``);
});

test.each(Object.keys(protocolErrors))("%s is documented", (code) => {
  expect(text).toContain(`\`${code}\``);
});

test("the table of keys is that of the schema", () => {
  const rows = keyNames.map((name) => {
    const key = keyOf(name);
    const fallback = key.default === null ? "–" : JSON.stringify(key.default);
    const variables = [variableOf(name), key.short]
      .filter((each) => each !== null)
      .map((each) => `\`${each}\``);
    const marks = [key.unit, key.hot ? "hot" : null, key.secret ? "secret" : null].filter(
      (each) => each !== null,
    );
    return `| \`${name}\` | ${fallback} | ${marks.join(", ")} | ${variables.join(", ")} | ${key.description} |`;
  });
  const documented = text.split("\n").filter((line) => /^\| `[a-z_.]+` \|.*WEBSOCKET_/.test(line));
  expect(documented).toEqual(rows);
});
