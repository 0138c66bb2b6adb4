import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { projectRoot } from "../process/project.mjs";

const { forbidden, options } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");

export const importRuleNames = forbidden.map((rule) => rule.name);

/** Every import below `root` that breaks a rule of `.dependency-cruiser.cjs`. */
export async function brokenImportRules(root = projectRoot) {
  const folders = ["app", "components", "lib", "server", "e2e"].filter((name) =>
    existsSync(join(root, name)),
  );
  const { tsConfig, ...cruiseOptions } = options;
  const { output } = await cruise(
    folders,
    { ...cruiseOptions, baseDir: root, ruleSet: { forbidden }, validate: true },
    undefined,
    { tsConfig: extractTSConfig(join(root, tsConfig.fileName)) },
  );
  return output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

export async function checkImports() {
  return (await brokenImportRules()).map(({ rule, from, to }) => `${from} → ${to} breaks ${rule}`);
}
