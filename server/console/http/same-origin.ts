/** Headers by lower-case name. */
type HeaderOf = (name: string) => string | null | undefined;

/**
 * True when the browser says that the request comes from the console's own pages. A request that says nothing
 * of where it comes from is not: what changes something has to tell. Source: Fetch Metadata, the Origin header
 * of RFC 6454.
 */
export function isSameOrigin(header: HeaderOf, publicUrl: string): boolean {
  const site = header("sec-fetch-site");
  if (site && site !== "same-origin") return false;
  const origin = header("origin");
  if (!origin) return site === "same-origin";
  if (origin === publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === header("host")?.toLowerCase();
}
