import type { Context } from "hono";
import { CodedError } from "../../../lib/errors";

export const largestBodyBytes = 65_536;

/** The request's body as JSON, undefined when it is empty. Throws BODY_TOO_LARGE and BROKEN_JSON. */
export async function readJsonBody(http: Context): Promise<unknown> {
  if (Number(http.req.header("content-length") ?? 0) > largestBodyBytes) throw tooLarge();
  const { body } = http.req.raw;
  if (body === null) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new CodedError("BROKEN_JSON", "the body is not JSON");
  }
}

function tooLarge(): CodedError {
  return new CodedError("BODY_TOO_LARGE", `the body exceeds ${largestBodyBytes} bytes`, {
    max_bytes: largestBodyBytes,
  });
}
