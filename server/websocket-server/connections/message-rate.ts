import type { Connection } from "./connection";

/** A connection that goes on after this many refusals in a row is ended. */
const patience = 10;

/** A token bucket of one second's worth. `ended` when a client floods regardless of being refused. */
export function spendMessage(
  connection: Connection,
  perSecond: number,
  now: number,
): "ok" | "refused" | "ended" {
  const earned = ((now - connection.allowanceAt) / 1_000) * perSecond;
  connection.allowance = Math.min(perSecond, connection.allowance + earned);
  connection.allowanceAt = now;
  if (connection.allowance >= 1) {
    connection.allowance--;
    connection.refusedInARow = 0;
    return "ok";
  }
  connection.refusedInARow++;
  return connection.refusedInARow > patience * perSecond ? "ended" : "refused";
}
