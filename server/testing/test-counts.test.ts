import { expect, test } from "vitest";
import { countPlaywright, countVitest } from "./test-counts.mjs";

test("a test file that cannot be loaded counts as a failure", () => {
  const counts = countVitest({
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { status: "passed", assertionResults: [{ status: "passed" }, { status: "passed" }] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
      { status: "failed", assertionResults: [] },
    ],
  });
  expect(counts).toEqual({ passed: 2, failed: 2, skipped: 2 });
});

test("an end-to-end test that is flaky counts as a failure, and so does an error outside of any", () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
  expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 });
});
