/**
 * Something in another process, as if it were here: each method that `own` doesn't have is forwarded by its name.
 * `then` is none, or a promise that resolves with it would wait for it.
 */
export function remote<T extends object>(
  own: Partial<T>,
  forward: (method: string, args: readonly unknown[]) => Promise<unknown>,
): T {
  return new Proxy(own, {
    get(_own, method) {
      if (typeof method !== "string" || method === "then") return undefined;
      if (Object.hasOwn(own, method)) return own[method as keyof T];
      return (...args: unknown[]) => forward(method, args);
    },
  }) as T;
}
