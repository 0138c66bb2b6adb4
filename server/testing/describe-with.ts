import { describe, test } from "vitest";
import { missingServer } from "./servers.mjs";

/**
 * A `describe` for tests that need real servers. Where one is missing the tests are skipped and the name says
 * what to install; with `CI=true` that fails. `npm test` gives its runners CI=true whatever its caller has, and
 * says with WIREWATCH_SKIP_MISSING_SERVERS that the caller hasn't.
 */
export function describeWith(
  names: ("redis" | "postgres" | "openssl" | "operator's tools")[],
  title: string,
  tests: () => void,
): void {
  const missing = names.map(missingServer).filter((text) => text !== null);
  if (missing.length === 0) {
    describe(title, () => tests());
    return;
  }
  const text = missing.join("; ");
  const maySkip = process.env.CI !== "true" || process.env.WIREWATCH_SKIP_MISSING_SERVERS === "true";
  describe.skipIf(maySkip)(`${title} (${text})`, () => {
    if (maySkip) return tests();
    test("has its servers", () => {
      throw new Error(text);
    });
  });
}
