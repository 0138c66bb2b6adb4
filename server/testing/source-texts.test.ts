import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkSourceTexts } from "./source-texts.mjs";

const folder = mkdtempSync(join(tmpdir(), "sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("names each fixed host and each use of globalThis outside the runtime", () => {
  mkdirSync(join(folder, "lib"), { recursive: true });
  mkdirSync(join(folder, "server/console"), { recursive: true });
  writeFileSync(
    join(folder, "lib/planted.ts"),
    [
      `const font = "https://fonts.example.com/inter.css";`,
      `const here = "http://127.0.0.1:8080";`,
      `// Source: https://example.com/a-manual`,
      `const url = \`http://\${host}:\${port}\`;`,
      `globalThis.leak = 1;`,
    ].join("\n"),
  );
  writeFileSync(join(folder, "lib/planted.test.ts"), `const sample = "https://ops.example.com";`);
  writeFileSync(join(folder, "server/console/runtime.ts"), "globalThis.kept = 1;");
  expect(checkSourceTexts(folder)).toEqual([
    "lib/planted.ts:1 names a fixed host: https://fonts.example.com",
    "lib/planted.ts:5 touches globalThis, which only server/console/runtime.ts may: globalThis",
  ]);
});
