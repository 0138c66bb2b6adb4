import type { Redaction } from "../../../../lib/contract/console-api";
import { maskAddress, maskAddressesIn } from "./addresses";

/** What the console knows of a server's names and addresses. */
export interface KnownServer {
  id: string;
  name: string;
  adminUrl: string;
  wsUrl: string | null;
}

/**
 * Puts aliases in place of names, the same one for the same name in the whole view. Names are numbered in the
 * order in which they are first asked for.
 */
export interface Scrubber {
  readonly redaction: Redaction;
  server(id: string): string;
  user(name: string): string;
  /** One client's address or network. */
  address(text: string): string;
  /** Free text: the members' own addresses always go, the rest as the link's switches say. */
  text(text: string): string;
}

/** Stands where a member's own address was. */
const gone = "…";

export function createScrubber(
  redaction: Redaction,
  known: { servers: KnownServer[]; userNames: string[] },
): Scrubber {
  const idOf = new Map(known.servers.flatMap((s) => [[s.id, s.id] as const, [s.name, s.id] as const]));
  const userNames = new Set(known.userNames);
  const memberAddresses = known.servers.flatMap(addressesOf);
  const aliases = new Map<string, string>();
  const counts = { Server: 0, Responder: 0 };
  let replaceNames: ((text: string) => string) | null = null;

  const alias = (word: keyof typeof counts, key: string): string => {
    const full = `${word}/${key}`;
    let found = aliases.get(full);
    if (found === undefined) {
      counts[word] += 1;
      found = `${word} ${counts[word]}`;
      aliases.set(full, found);
    }
    return found;
  };
  const server = (id: string): string => {
    if (!idOf.has(id)) {
      idOf.set(id, id);
      replaceNames = null;
    }
    return redaction.serverNames ? alias("Server", idOf.get(id) ?? id) : id;
  };
  const user = (name: string): string => {
    if (!userNames.has(name)) {
      userNames.add(name);
      replaceNames = null;
    }
    return redaction.userNames ? alias("Responder", name.toLowerCase()) : name;
  };
  const compile = () => {
    const words = new Map<string, () => string>();
    if (redaction.userNames) for (const name of userNames) words.set(name, () => user(name));
    if (redaction.serverNames) for (const name of idOf.keys()) words.set(name, () => server(name));
    for (const address of memberAddresses) words.set(address, () => gone);
    return wordReplacer(words);
  };

  return {
    redaction,
    server,
    user,
    address: (text) => (redaction.clientIps ? maskAddress(text) : text),
    text: (text) => {
      replaceNames ??= compile();
      const clean = replaceNames(text);
      return redaction.clientIps ? maskAddressesIn(clean) : clean;
    },
  };
}

/** Whole URLs, `host:port`, and the bare host unless it is the name that people know the server by. */
function addressesOf(server: KnownServer): string[] {
  return [server.adminUrl, server.wsUrl].flatMap((address) => {
    if (!address || !URL.canParse(address)) return [];
    const url = new URL(address);
    const found = [address, url.href, `${url.protocol}//${url.host}`, url.host];
    if (url.hostname !== server.id && url.hostname !== server.name) found.push(url.hostname);
    return found;
  });
}

/**
 * One pass over the text, longest word first, so that `ws-1` is not found inside `ws-1-b` and no alias is
 * replaced again. A word is a whole one where its ends are letters or digits, also beside Chinese text.
 */
function wordReplacer(words: Map<string, () => string>): (text: string) => string {
  const byLength = [...words.keys()].filter((word) => word !== "").sort((a, b) => b.length - a.length);
  if (byLength.length === 0) return (text) => text;
  const exact = new Map(byLength.map((word) => [word.toLowerCase(), words.get(word)]));
  const pattern = new RegExp(
    byLength
      .map(
        (word) =>
          (/^\w/.test(word) ? "(?<![A-Za-z0-9_])" : "") +
          word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") +
          (/\w$/.test(word) ? "(?![A-Za-z0-9_])" : ""),
      )
      .join("|"),
    "gi",
  );
  return (text) => text.replace(pattern, (found) => exact.get(found.toLowerCase())?.() ?? gone);
}
