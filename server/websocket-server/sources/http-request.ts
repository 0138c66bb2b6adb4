import type { Client } from "undici";
import { RefusedError } from "./source";

export interface HttpRequest {
  url: URL;
  /** Of the answer before. */
  etag: string | null;
  authorization: string | null;
  timeoutMs: number;
  maxBytes: number;
}

export type HttpAnswer = { changed: false } | { changed: true; text: string; etag: string | null };

/**
 * Asks for what stands at an address, unless it is as before. Does not follow redirects. Rejects with what kind of
 * failure it was; a refusal (401, 403, a redirect) is a RefusedError.
 */
export async function requestIfChanged(
  client: Client,
  { url, etag, authorization, timeoutMs, maxBytes }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const end = new AbortController();
  let late = false;
  const stop = () => end.abort();
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop);
  const headers: Record<string, string> = { accept: "application/json", "user-agent": "wirewatch" };
  const { username, password } = url;
  if (username !== "" || password !== "") {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  if (authorization !== null) headers.authorization = authorization;
  if (etag !== null) headers["if-none-match"] = etag;
  try {
    const response = await client.request({
      method: "GET",
      path: `${url.pathname}${url.search}`,
      headers,
      signal: end.signal,
    });
    const { statusCode, headers: given, body } = response;
    if (statusCode !== 200) {
      body.destroy();
      body.on("error", () => {});
    }
    if (statusCode === 304 && etag !== null) return { changed: false };
    if (statusCode >= 300 && statusCode < 400) {
      throw new RefusedError(`HTTP ${statusCode}: redirects are not followed`);
    }
    if (statusCode === 401 || statusCode === 403) throw new RefusedError(`HTTP ${statusCode}`);
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return {
      changed: true,
      text: Buffer.concat(chunks).toString("utf8"),
      etag: typeof given.etag === "string" ? given.etag : null,
    };
  } catch (error) {
    if (late) throw new Error(`no answer within ${timeoutMs / 1_000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
