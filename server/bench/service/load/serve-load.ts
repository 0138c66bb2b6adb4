import { LoadClient } from "./load-client";
import type { Order, Outcome } from "./orders";

/** The load client as a process: carries out one order after the other. */
export function serveLoad(): void {
  const load = new LoadClient();
  process.on("message", (order: Order) => {
    const carryOut = load[order.name].bind(load) as (input: unknown) => unknown;
    Promise.resolve(order.in)
      .then(carryOut)
      .then(
        (out) => process.send?.({ id: order.id, out } satisfies Outcome),
        (error: unknown) => process.send?.({ id: order.id, error: String(error) } satisfies Outcome),
      );
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ type: "ready" });
}
