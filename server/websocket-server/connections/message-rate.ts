import type { Connection } from "./connection";

/** Seconds' worth of refused messages after which a connection is ended. */
const patience = 10;

/**
 * A token bucket of one second's worth. Refusals are forgiven as fast as messages are allowed: who goes on at more
 * than twice the rate, or floods at once, is `ended`.
 */
export function spendMessage(
  connection: Connection,
  perSecond: number,
  now: number,
): "ok" | "refused" | "ended" {
  const earned = ((now - connection.allowanceAt) / 1_000) * perSecond;
  connection.allowance = Math.min(perSecond, connection.allowance + earned);
  connection.refusals = Math.max(0, connection.refusals - earned);
  connection.allowanceAt = now;
  if (connection.allowance >= 1) {
    connection.allowance--;
    return "ok";
  }
  connection.refusals++;
  return connection.refusals > patience * perSecond ? "ended" : "refused";
}
