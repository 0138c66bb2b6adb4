import { bundle, loadCore } from "./contenders";
import type { OrderName, Orders, Outcome } from "./load/orders";
import { startPinned } from "./pinned-process";

export interface Load {
  tell<N extends OrderName>(name: N, input: Orders[N]["in"]): Promise<Orders[N]["out"]>;
  stop(): Promise<void>;
}

/** The load client in a process and on a core of its own. */
export async function startLoad(): Promise<Load> {
  const program = await startPinned(loadCore, [bundle("bench-service"), "--part", "load"], {});
  const waiting = new Map<number, { resolve(out: unknown): void; reject(error: Error): void }>();
  let nextId = 1;
  program.child.on("message", (outcome: Outcome) => {
    const order = waiting.get(outcome.id);
    waiting.delete(outcome.id);
    if ("error" in outcome) order?.reject(new Error(outcome.error));
    else order?.resolve(outcome.out);
  });
  program.child.once("exit", () => {
    for (const order of waiting.values()) order.reject(new Error("the load client ended"));
    waiting.clear();
  });
  return {
    tell: (name, input) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve: resolve as (out: unknown) => void, reject });
        program.child.send({ id, name, in: input });
      }),
    stop: program.stop,
  };
}
