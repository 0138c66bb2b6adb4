import { z } from "zod";
import { cleanupJobSchema } from "./cleanup";
import { heapSnapshotJobSchema } from "./heap-snapshots";

/** What takes time answers a job; GET /admin/jobs/{id} follows it, DELETE stops it. */
export const jobSchema = z.discriminatedUnion("kind", [cleanupJobSchema, heapSnapshotJobSchema]);
export type Job = z.infer<typeof jobSchema>;
