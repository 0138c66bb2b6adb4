import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { brokenImportRules, importRuleNames } from "./import-rules.mjs";

/** A planted violation of each rule: the file that breaks it, and what it imports. */
const violations: Record<string, [file: string, code: string]> = {
  "contract-imports-zod-only": ["lib/contract/planted.ts", `import "../format";`],
  "lib-imports-lib": ["lib/planted-server.ts", `import type {} from "../server/console/runtime";`],
  "lib-runs-without-node": ["lib/planted-node.ts", `import "node:fs";`],
  "next-only-in-i18n-request": ["lib/i18n/planted.ts", `import "next";`],
  "react-query-only-in-query": ["lib/live/planted.ts", `import "@tanstack/react-query";`],
  "socket-io-client-only-in-live": ["components/shell/planted.ts", `import "socket.io-client";`],
  "components-import-components-and-lib": ["components/fleet/planted.ts", `import "../../app/page";`],
  "pages-reach-the-console-by-runtime-and-auth": ["app/planted.ts", `import "../server/console/env";`],
  "api-routes-are-a-contract-entry-and-one-call": ["app/api/planted.ts", `import "../../lib/format";`],
  "app-never-reaches-wiring": ["app/login/planted.ts", `import "../../server/console/auth/planted-way";`],
  "server-never-imports-the-app": ["server/console/planted-app.ts", `import "../../app/page";`],
  "service-stands-alone": ["server/websocket-server/planted.ts", `import "../../lib/format";`],
  "console-never-imports-the-service": [
    "server/console/planted-service.ts",
    `import type {} from "../websocket-server/main";`,
  ],
  "browser-imports-types-of-the-service-api": [
    "components/server/planted.ts",
    `import "../../lib/contract/service-api";`,
  ],
  "only-the-member-client-speaks-to-members": ["server/console/actions/planted.ts", `import "undici";`],
  "only-storage-speaks-to-a-database": ["server/console/audit/planted.ts", `import "kysely";`],
  "only-charts-know-recharts": ["components/server/planted-chart.ts", `import "recharts";`],
  "no-circles": ["lib/planted-circle.ts", `import "./planted-circle";`],
  "packages-are-declared": ["components/ui/planted.ts", `import "undeclared";`],
  "production-runs-without-dev-packages": ["server/process/planted.ts", `import "vitest";`],
};

/** What stands near the border of a rule and is allowed. */
const allowed: [file: string, code: string][] = [
  ["lib/format.ts", ""],
  ["lib/contract/service-api/index.ts", `import "zod";`],
  ["lib/contract/console-api.ts", `import "./service-api";`],
  ["lib/contract/planted.test.ts", `import "vitest"; import "node:fs"; import "../format";`],
  ["lib/query/allowed.ts", `import "@tanstack/react-query";`],
  ["lib/live/allowed.ts", `import "socket.io-client";`],
  ["lib/i18n/request.ts", `import "next";`],
  ["components/charts/allowed.ts", `import "recharts";`],
  ["components/fleet/allowed.ts", `import type {} from "../../lib/contract/service-api";`],
  ["app/page.ts", `import "../server/console/runtime"; import "../server/console/auth/allowed";`],
  ["app/api/allowed.ts", `import "../../server/console/http/allowed"; import "../../lib/errors";`],
  ["lib/errors.ts", ""],
  ["server/console/runtime.ts", `import type {} from "../../lib/contract/console-api";`],
  ["server/console/auth/allowed.ts", ""],
  ["server/console/auth/planted-way.ts", `import "../wiring";`],
  ["server/console/http/allowed.ts", ""],
  ["server/console/env.ts", ""],
  ["server/console/wiring.ts", ""],
  ["server/console/storage/allowed.ts", `import "kysely";`],
  ["server/websocket-server/sources/postgres-allowed.ts", `import "pg";`],
  ["server/console/audit/allowed.ts", `import type {} from "kysely";`],
  ["server/console/fleet/member-client.ts", `import "undici";`],
  ["server/websocket-server/main.ts", `import "../process/allowed"; import "../../lib/errors"; import "ws";`],
  ["server/process/allowed.ts", ""],
  ["server/demo/allowed.ts", `import "ws"; import "vitest";`],
];

const packages = {
  dependencies: [
    "zod",
    "next",
    "@tanstack/react-query",
    "socket.io-client",
    "recharts",
    "kysely",
    "undici",
    "ws",
  ],
  devDependencies: ["vitest"],
  none: ["undeclared"],
};

const folder = mkdtempSync(join(tmpdir(), "import-rules-"));
let broken: { rule: string; from: string }[] = [];

function plant(file: string, content: string) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

beforeAll(async () => {
  const manifest: Record<string, Record<string, string>> = {
    dependencies: {},
    devDependencies: {},
    none: {},
  };
  for (const [group, names] of Object.entries(packages)) {
    for (const name of names) {
      manifest[group] = { ...manifest[group], [name]: "1.0.0" };
      plant(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
      );
      plant(`node_modules/${name}/index.js`, "module.exports = {};");
    }
  }
  const { dependencies, devDependencies } = manifest;
  plant("package.json", JSON.stringify({ name: "planted", dependencies, devDependencies }));
  plant("tsconfig.json", "{}");
  for (const [file, code] of [...allowed, ...Object.values(violations)]) plant(file, `${code}\nexport {};\n`);
  broken = await brokenImportRules(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every import rule has a planted violation", () => {
  expect(Object.keys(violations).sort()).toEqual([...importRuleNames].sort());
});

test.each(Object.entries(violations))("%s fires on a planted violation", (rule, [file]) => {
  expect(broken).toContainEqual(expect.objectContaining({ rule, from: file }));
});

test("nothing fires on what is allowed", () => {
  const files = new Set(allowed.map(([file]) => file));
  expect(broken.filter(({ from }) => files.has(from))).toEqual([]);
});
