import { CodedError } from "../../../lib/errors";

/** How many rows of a list come before the wanted part. Throws INVALID_CURSOR. */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw new CodedError("INVALID_CURSOR", "not a cursor of this list");
  return Number(cursor);
}
