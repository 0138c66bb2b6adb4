/** A thing that a platform may not be able to tell: null with the reason. */
export interface Fact<T> {
  value: T | null;
  reason: string | null;
}

export async function factOf<T>(read: () => Promise<T> | T): Promise<Fact<T>> {
  try {
    return { value: await read(), reason: null };
  } catch (error) {
    return { value: null, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Rejects when `work` takes longer; it goes on unheard. */
export async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    timer.unref();
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
