import { expect, test } from "vitest";
import type { ActionPreview } from "@/lib/contract/console-api";
import { mustTypeName, type Obstacle, obstacleOf } from "./can-confirm";

function cleanup(total: number, activeConnections: number | null): ActionPreview {
  return {
    previewId: "p",
    atMs: 0,
    kind: "cleanup-connections",
    serverId: "ws-eu-1",
    activeConnections,
    cleanup: {
      candidates: { total, idle: total, stuck: 0, listed: 0 },
      buffered_bytes: 0,
      queued_messages: 0,
      spared: 0,
      closed: 0,
      already_gone: 0,
      came_back: 0,
      sample: [],
      by_ip: [],
    },
    reload: null,
    memory: null,
  };
}

function reload(valid: boolean, changes: number): ActionPreview {
  return {
    ...cleanup(0, 10),
    kind: "reload-config",
    cleanup: null,
    reload: {
      valid,
      dry_run: true,
      file: null,
      changes: Array.from({ length: changes }, (_, i) => ({ key: `k${i}`, before: 1, after: 2, hot: true })),
      applied: [],
      needs_restart: [],
      overridden: [],
      mistakes: [],
    },
  };
}

const good = {
  preview: cleanup(3, 100),
  previewAgeMs: 500,
  reason: "a good reason",
  typedName: "",
  serverName: "eu one",
};

test.each<[string, Partial<typeof good> & { previewAgeMs?: number | null }, Obstacle]>([
  ["all is given", {}, null],
  ["the preview is of older conditions", { previewAgeMs: null as never }, "preview"],
  ["the preview is ten seconds old", { previewAgeMs: 10_000 }, "preview"],
  ["nobody matches", { preview: cleanup(0, 100) }, "nothing"],
  ["the reason has seven characters", { reason: "  1234567  " }, "reason"],
  ["the reason has eight characters", { reason: "12345678" }, null],
  ["the reason is longer than is kept", { reason: "x".repeat(201) }, "reason"],
  ["a quarter is hit", { preview: cleanup(25, 100) }, null],
  ["over a quarter is hit", { preview: cleanup(26, 100) }, "name"],
  ["over a quarter is hit and another name typed", { preview: cleanup(26, 100), typedName: "eu" }, "name"],
  ["over a quarter is hit and the name typed", { preview: cleanup(26, 100), typedName: "eu one" }, null],
  ["the file has mistakes", { preview: reload(false, 0) }, "mistakes"],
  ["the file changes nothing", { preview: reload(true, 0) }, "nothing"],
  ["the file changes something", { preview: reload(true, 2) }, null],
])("what stands in the way when %s", (_, part, obstacle) => {
  expect(obstacleOf({ ...good, ...part })).toBe(obstacle);
});

test("without a count of connections there is no share to tell", () => {
  expect(mustTypeName(cleanup(5, null))).toBe(false);
  expect(mustTypeName(null)).toBe(false);
});
