import { isCodedError } from "../../../lib/errors";

export interface Answers<P, A> {
  /** In the order of those asked, without the missing ones. */
  answers: { from: P; answer: A }[];
  /** Names of the workers that could not be asked. */
  missing: string[];
}

/**
 * Asks shards, or processes, and does without those that can't be asked (WORKER_UNAVAILABLE), as long as another one
 * answers. Any other error is thrown.
 */
export async function askAll<P extends { readonly worker: string }, A>(
  all: readonly P[],
  ask: (each: P) => Promise<A>,
): Promise<Answers<P, A>> {
  const results = await Promise.allSettled(all.map(ask));
  const answers: Answers<P, A>["answers"] = [];
  const missing: string[] = [];
  let failure: unknown;
  for (const [index, result] of results.entries()) {
    const from = all[index] as P;
    if (result.status === "fulfilled") {
      answers.push({ from, answer: result.value });
      continue;
    }
    failure = result.reason;
    if (!isCodedError(failure) || failure.code !== "WORKER_UNAVAILABLE") throw failure;
    missing.push(from.worker);
  }
  if (answers.length === 0 && failure !== undefined) throw failure;
  return { answers, missing };
}
