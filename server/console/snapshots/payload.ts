import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import type { z } from "zod";
import { CodedError } from "../../../lib/errors";

const pack = promisify(deflate);
const unpack = promisify(inflate);

const mostPackedBytes = 16 * 1_048_576;
const mostBytes = 512 * 1_048_576;

/** JSON, deflated. Throws BODY_TOO_LARGE rather than let one view fill the store. */
export async function packPayload(value: unknown): Promise<Buffer> {
  const packed = await pack(JSON.stringify(value));
  if (packed.length > mostPackedBytes) {
    throw new CodedError("BODY_TOO_LARGE", "the view is too large to be kept", {
      limitBytes: mostPackedBytes,
    });
  }
  return packed;
}

/** Throws UNREADABLE_SNAPSHOT when the payload is damaged or of a version that the schema no longer reads. */
export async function unpackPayload<T extends z.ZodType>(
  schema: T,
  payload: Uint8Array,
): Promise<z.output<T>> {
  let value: unknown;
  try {
    value = JSON.parse((await unpack(payload, { maxOutputLength: mostBytes })).toString("utf8"));
  } catch (error) {
    throw new CodedError("UNREADABLE_SNAPSHOT", "the stored view is damaged", { kind: "damaged" }, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new CodedError("UNREADABLE_SNAPSHOT", `the stored view has another form at ${path}`, {
    kind: "schema",
    path,
  });
}
