import ipaddr from "ipaddr.js";

/**
 * The network of an address, which is all that a redacted view tells: `203.0.113.41` becomes `203.0.113.x`,
 * `2001:db8:1:2::7` becomes `2001:db8:1::/48`. Takes networks (`203.0.113.0/24`) as well. Text that is no
 * address is told as `?`, since what can't be read can't be cleared either.
 */
export function maskAddress(text: string): string {
  const [address = ""] = text
    .trim()
    .replace(/^\[|\]$/g, "")
    .split(/[/%]/, 1);
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return maskV4(address);
  if (!ipaddr.IPv6.isValid(address)) return "?";
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return maskV4(parsed.toIPv4Address().toString());
  const prefix = parsed.parts.map((part, i) => (i < 3 ? part : 0));
  return `${new ipaddr.IPv6(prefix).toString()}/48`;
}

function maskV4(address: string): string {
  return `${address.split(".").slice(0, 3).join(".")}.x`;
}

const v6Candidate =
  /(?<![0-9A-Za-z:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*[0-9A-Fa-f:](?:%[0-9A-Za-z]+)?(?:\/\d{1,3})?/g;
const v4Candidate = /(?<![0-9])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![0-9])(?:\/\d{1,2}(?!\d))?/g;

/** The text with every IP address in it cut to its network. */
export function maskAddressesIn(text: string): string {
  return text
    .replace(v6Candidate, (found) => {
      const trailing = /(?<!:):$/.test(found) ? ":" : "";
      const candidate = trailing ? found.slice(0, -1) : found;
      const masked = maskAddress(candidate);
      return masked === "?" ? found : masked + trailing;
    })
    .replace(v4Candidate, "$1.x");
}
