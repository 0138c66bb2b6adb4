import type { IncomingHttpHeaders } from "node:http";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [Address, number];
export type ForwardedHeader = "x-forwarded-for" | "forwarded";

/** An address or a network in CIDR notation, null when it is neither. */
export function parseNetwork(text: string): Network | null {
  if (text.includes("/")) {
    // Short spellings as 10/8 are read by others in other ways.
    if (!ipaddr.isValidCIDR(text) || parseAddress(text.split("/", 1)[0] ?? "") === null) return null;
    const [address, bits] = ipaddr.parseCIDR(text);
    if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) {
      return [address.toIPv4Address(), bits - 96];
    }
    return [address, bits];
  }
  const address = parseAddress(text);
  return address === null ? null : [address, address.kind() === "ipv4" ? 32 : 128];
}

/** Without a zone, and IPv4 as IPv4 where IPv6 wraps it. Spellings that only some programs read are none. */
function parseAddress(text: string): Address | null {
  const bare = text.replace(/%.*$/, "");
  const valid = ipaddr.IPv4.isValidFourPartDecimal(bare) || (bare.includes(":") && ipaddr.IPv6.isValid(bare));
  return valid ? ipaddr.process(bare) : null;
}

/**
 * The address that a connection counts to. What a header says is believed hop by hop from the right, as long as
 * the one who said it is a trusted proxy; the first address that isn't one is the client. Where a hop is no
 * address, the proxy that named it stands for it. Source: RFC 7239, sections 5.2 and 8.1.
 */
export function clientAddress(
  peer: string,
  headers: IncomingHttpHeaders,
  trusted: readonly string[],
  header: ForwardedHeader,
): string {
  if (trusted.length === 0) return peer.replace(/^::ffff:(?=\d+\.)|%.*$/gi, "");
  const networks = networksOf(trusted);
  let current = parseAddress(peer);
  if (current === null) return peer;
  for (const hop of hopsOf(headers, header).reverse()) {
    if (!contains(networks, current)) break;
    const next = parseAddress(hop);
    if (next === null) break;
    current = next;
  }
  return current.toString();
}

/** What connections of one address are counted by: a household or a server has a whole /64 of IPv6. */
export function addressGroup(address: string): string {
  if (!address.includes(":") || !ipaddr.IPv6.isValid(address)) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()}/64`;
}

const parsedLists = new WeakMap<readonly string[], Network[]>();

/** Parsed once for each list of the configuration. */
function networksOf(trusted: readonly string[]): readonly Network[] {
  let networks = parsedLists.get(trusted);
  if (networks === undefined) {
    networks = trusted.map(parseNetwork).filter((network) => network !== null);
    parsedLists.set(trusted, networks);
  }
  return networks;
}

function contains(networks: readonly Network[], address: Address): boolean {
  return networks.some(([network, bits]) => {
    if (network instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(network, bits);
    return address instanceof ipaddr.IPv6 && address.match(network, bits);
  });
}

/** As the header has them, the client first; each without its port. */
function hopsOf(headers: IncomingHttpHeaders, header: ForwardedHeader): string[] {
  const given = headers[header];
  const text = Array.isArray(given) ? given.join(",") : (given ?? "");
  if (text === "") return [];
  return text.split(",").map((part) => {
    if (header === "x-forwarded-for") return withoutPort(part.trim());
    const node = /(?:^|;)\s*for\s*=\s*("[^"]*"|[^";\s]*)\s*(?:;|$)/i.exec(part)?.[1] ?? "";
    return withoutPort(node.replace(/^"|"$/g, ""));
  });
}

function withoutPort(node: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node);
  if (bracketed) return bracketed[1] ?? "";
  return node.replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, "$1");
}
