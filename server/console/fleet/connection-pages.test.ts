import { expect, it } from "vitest";
import type { ConnectionsPage } from "../../../lib/contract/console-api";
import { createConnectionPages } from "./connection-pages";

const query = { offset: 0, limit: 200 };
const page = (rows: number): Omit<ConnectionsPage, "viewId"> => ({
  rows: new Array(rows).fill({ id: "c" }) as ConnectionsPage["rows"],
  offset: 0,
  total: rows,
  missingWorkers: [],
  readAtMs: 0,
});

it("forgets a page after a quarter of an hour", () => {
  let now = 1_000;
  const pages = createConnectionPages(() => now);
  const { viewId } = pages.keep("a", query, page(1));
  now += 15 * 60_000;
  expect(pages.find(viewId)?.serverId).toBe("a");
  now += 1;
  expect(pages.find(viewId)).toBeNull();
});

it("forgets the longest unused pages when too many rows are kept", () => {
  const pages = createConnectionPages(() => 0);
  const first = pages.keep("a", query, page(40_000)).viewId;
  const second = pages.keep("a", query, page(40_000)).viewId;
  expect(pages.find(first)).not.toBeNull();
  pages.keep("a", query, page(40_000));
  expect(pages.find(second)).toBeNull();
  expect(pages.find(first)).not.toBeNull();
});
