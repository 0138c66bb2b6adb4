import type { serviceRoutes } from "../../../lib/contract/routes";
import {
  findSnapshot,
  listSnapshots,
  readAvailable,
  removeSnapshot,
  streamSnapshot,
} from "../heap-snapshots/folder";
import { snapshotFolder } from "../heap-snapshots/write";
import { startHeapSnapshot } from "../jobs/heap-snapshot";
import { askAll } from "../shards/ask-all";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

type Routes = typeof serviceRoutes;

export const writeHeapSnapshot: Handler<Routes["writeHeapSnapshot"]> = async ({ service, body, http }) =>
  http.json(service.jobs.add(await startHeapSnapshot(service, body?.worker)), 202);

export const heapSnapshots: Handler<Routes["heapSnapshots"]> = async ({ service, http }) => {
  const dataDir = service.settings().data_dir;
  const folder = snapshotFolder(dataDir);
  const [snapshots, available, needs] = await Promise.all([
    listSnapshots(folder),
    readAvailable([folder, dataDir, process.cwd()]),
    askAll(service.processes(), (each) => each.snapshotNeeds()),
  ]);
  tellMissing(http, needs.missing);
  const needed = Math.max(...needs.answers.map(({ answer }) => answer));
  return { folder, available_bytes: available, needed_bytes: needed, snapshots };
};

export const heapSnapshot: Handler<Routes["heapSnapshot"]> = async ({ service, params }) => {
  const folder = snapshotFolder(service.settings().data_dir);
  const { name, bytes } = await findSnapshot(folder, params.name);
  return new Response(await streamSnapshot(folder, name), {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(bytes),
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
};

export const removeHeapSnapshot: Handler<Routes["removeHeapSnapshot"]> = async ({ service, params }) => {
  const folder = snapshotFolder(service.settings().data_dir);
  const found = await findSnapshot(folder, params.name);
  await removeSnapshot(folder, found.name);
  return found;
};
