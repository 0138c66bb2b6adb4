import type { Scrubber } from "./scrubber";

/** Parameters of the address bar that say how a page is drawn, not whom it is about. */
const drawn = new Set(
  "from to range paused group sort order status view cols x state idle_gt min_buffered offset limit topic tab".split(
    " ",
  ),
);
/** Free search text: a part of a name or an address is not found by looking for the whole. */
const searched = new Set(["q", "label", "ip", "sel"]);

/** The path with what its page needs; parameters that are not known are dropped. */
export function redactPath(path: string, scrub: Scrubber): string {
  const { clientIps, serverNames, userNames } = scrub.redaction;
  const url = new URL(path, "http://console.invalid");
  const kept = new URLSearchParams();
  for (const [name, value] of url.searchParams) {
    const searchable = searched.has(name) && !clientIps && !serverNames && !userNames;
    if (drawn.has(name) || searchable) kept.append(name, scrub.text(value));
  }
  const pathname = url.pathname
    .split("/")
    .map((part, i, parts) => {
      const text = decodePart(part);
      return encodeURIComponent(parts[i - 1] === "servers" ? scrub.server(text) : scrub.text(text));
    })
    .join("/");
  const query = kept.toString();
  return query ? `${pathname}?${query}` : pathname;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
