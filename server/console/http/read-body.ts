import { CodedError } from "../../../lib/errors";

export const largestBodyBytes = 64 * 1024;

/** The body as JSON. Throws UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE or BROKEN_JSON; reads no further than the cap. */
export async function readJsonBody(request: Request): Promise<unknown> {
  const mediaType = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    throw new CodedError("UNSUPPORTED_MEDIA_TYPE", "send the body as application/json");
  }
  const text = await readText(request);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodedError("BROKEN_JSON", "the body is no JSON", { reason: reason.slice(0, 200) }, error);
  }
}

async function readText(request: Request): Promise<string> {
  const tooLarge = () =>
    new CodedError("BODY_TOO_LARGE", `a body has at most ${largestBodyBytes} bytes`, {
      limitBytes: largestBodyBytes,
    });
  if (Number(request.headers.get("content-length") ?? 0) > largestBodyBytes) throw tooLarge();
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > largestBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
