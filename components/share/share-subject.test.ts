import { expect, test } from "vitest";
import { shareSubjectOf } from "./share-subject";

test("the pages that can be frozen share a view", () => {
  expect(shareSubjectOf("/")).toEqual({ kind: "view", page: "fleet", serverId: null });
  for (const path of ["/servers/ws-eu-1", "/servers/ws-eu-1/", "/servers/ws-eu-1/overview"]) {
    expect(shareSubjectOf(path)).toEqual({ kind: "view", page: "server-overview", serverId: "ws-eu-1" });
  }
  expect(shareSubjectOf("/servers/ws%2Feu/connections")).toEqual({
    kind: "view",
    page: "server-connections",
    serverId: "ws/eu",
  });
});

test("a snapshot and an incident are shared as they are", () => {
  expect(shareSubjectOf("/snapshots/abc")).toEqual({ kind: "snapshot", snapshotId: "abc" });
  expect(shareSubjectOf("/incidents/INC-7")).toEqual({ kind: "incident", incidentId: "INC-7" });
});

test("lists, unknown tabs and broken addresses share nothing", () => {
  for (const path of [
    "/incidents",
    "/servers",
    "/servers/a/logs",
    "/servers/a/connections/7",
    "/snapshots/a/b",
  ]) {
    expect(shareSubjectOf(path)).toBeNull();
  }
  expect(shareSubjectOf("/incidents/%E0%A4%A")).toEqual({ kind: "incident", incidentId: "%E0%A4%A" });
});
