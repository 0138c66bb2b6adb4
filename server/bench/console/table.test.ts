import { expect, test } from "vitest";
import { quantile } from "../measuring/statistics";
import { asTable, verdict } from "./table";

test("a figure on its target is met, one past it is missed, one that is missing is neither", () => {
  const figure = { what: "first datum", unit: "ms", limit: 1_500 } as const;
  expect(verdict({ ...figure, value: 1_500 })).toBe("met");
  expect(verdict({ ...figure, value: 1_500.4 })).toBe("MISSED");
  expect(verdict({ ...figure, value: null })).toBe("not measured");
  expect(verdict({ what: "peer", unit: "ms", value: 1 })).toBe("");
});

test("the table shows what was not measured as a dash, with its reason", () => {
  const lines = asTable([
    { what: "first datum", unit: "ms", limit: 1_500, value: 412.4 },
    { what: "weight", unit: "KB", limit: 300, value: null, note: "answered 404" },
  ]).split("\n");
  expect(lines[1]).toMatch(/^first datum +412 ms +≤ 1500 ms +met$/);
  expect(lines[2]).toMatch(/^weight +– +≤ 300 KB +not measured +answered 404$/);
});

test("quantiles are values that were measured, by nearest rank", () => {
  const values = Array.from({ length: 20 }, (_, i) => 20 - i);
  expect(quantile(values, 0.5)).toBe(10);
  expect(quantile(values, 0.95)).toBe(19);
  expect(quantile(values, 1)).toBe(20);
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([], 0.5)).toBeNull();
});
