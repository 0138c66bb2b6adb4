import { parseNetwork } from "../connections/client-address";
import { parseOrigin } from "../connections/origin";
import { isSubprotocol } from "../connections/subprotocol";

/** Whether `text` is an address with one of these schemes, as `redis:`. */
function isUrlOf(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

export const redisUrl = {
  expected: "an address that begins with redis:// or rediss://",
  accepts: (text: string) => isUrlOf(text, ["redis:", "rediss:"]) && /^\/?\d*$/.test(new URL(text).pathname),
};

export const postgresUrl = {
  expected: "an address that begins with postgres:// or postgresql://",
  accepts: (text: string) => isUrlOf(text, ["postgres:", "postgresql:"]),
};

/** Each is a topic and what to ask for it. */
export const topicUrls = {
  expected: "a list of topic=http://… or topic=https://…",
  accepts: (text: string) => {
    const at = text.indexOf("=");
    const [topic, url] = [text.slice(0, at), text.slice(at + 1)];
    return at > 0 && /^[A-Za-z0-9._:-]{1,100}$/.test(topic) && isUrlOf(url, ["http:", "https:"]);
  },
};

/** PostgreSQL cuts longer names short, and sends under the short one. */
export const postgresChannels = {
  expected: "a list of names of at most 63 bytes",
  accepts: (text: string) => Buffer.byteLength(text) <= 63,
};

/** RFC 6901. */
export const jsonPointer = {
  expected: "a JSON pointer, as /data/price",
  accepts: (text: string) => /^\/([^~]|~[01])*$/.test(text),
};

export const networks = {
  expected: "a list of addresses and networks, as 10.0.0.0/8",
  accepts: (text: string) => parseNetwork(text) !== null,
};

export const origins = {
  expected: "a list of origins, each a scheme, a host and a port where it is not the usual one, or null",
  accepts: (text: string) => parseOrigin(text) !== null,
};

export const subprotocols = {
  expected: "a list of subprotocol names",
  accepts: isSubprotocol,
};
