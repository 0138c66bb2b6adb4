import { z } from "zod";
import { amount, count, instant } from "./common";
import { jobFields } from "./job-fields";

export const heapSnapshotSchema = z.object({
  name: z.string(),
  bytes: count,
  created_at_ms: instant,
});

/** Body of POST /admin/heap-snapshot. */
export const heapSnapshotRequestSchema = z.strictObject({
  /** An event loop of GET /admin/threads; the first one when left out. */
  worker: z.string().max(64).optional(),
});

/** The event loop stands still while a snapshot is written; `pause_ms` says for how long. */
export const heapSnapshotJobSchema = z.object({
  ...jobFields,
  kind: z.literal("heap-snapshot"),
  result: z.object({
    worker: z.string(),
    snapshot: heapSnapshotSchema.nullable(),
    pause_ms: amount.nullable(),
  }),
});
export type HeapSnapshotJob = z.infer<typeof heapSnapshotJobSchema>;

/** GET /admin/heap-snapshots: newest first. */
export const heapSnapshotsSchema = z.object({
  folder: z.string(),
  /** What the folder's disk has left; null where it can't be told. */
  available_bytes: count.nullable(),
  /** What the next snapshot needs at most, by which one is refused. */
  needed_bytes: count,
  snapshots: z.array(heapSnapshotSchema),
});
export type HeapSnapshots = z.infer<typeof heapSnapshotsSchema>;

export const heapSnapshotParamsSchema = z.object({ name: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/) });
