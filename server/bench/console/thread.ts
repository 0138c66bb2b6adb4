import { Worker } from "node:worker_threads";

/** Clients that visit one service; `steady` ones never leave, so that its count changes only on purpose. */
export interface Visit {
  url: string;
  subscribers: number;
  idle: number;
  slow: number;
  steady: boolean;
}

export type Part = { name: "load"; visits: Visit[] } | { name: "peer"; statsUrl: string };

/** Runs a part of the bench beside it and resolves with the first message it sends. */
export async function startPart<Message>(
  part: Part,
): Promise<{ message: Message; stop(): Promise<unknown> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: part });
  const message = await new Promise<Message>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { message, stop: () => worker.terminate() };
}
