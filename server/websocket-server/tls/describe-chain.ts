import type { X509Certificate } from "node:crypto";
import type { Host, Stats } from "../../../lib/contract/service-api";

type CertificateFact = NonNullable<Host["certificates"]["value"]>[number];

const dayMs = 86_400_000;

/** What stands in each certificate of a file. */
export function describeChain(
  chain: readonly X509Certificate[],
  file: string,
  inUse: boolean,
  nowMs: number,
): CertificateFact[] {
  return chain.map((certificate) => {
    const { notBeforeMs, notAfterMs } = validityOf(certificate);
    return {
      file,
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      names: namesOf(certificate),
      not_before_ms: notBeforeMs,
      not_after_ms: notAfterMs,
      days_left: (notAfterMs - nowMs) / dayMs,
      in_use: inUse,
    };
  });
}

/** When a chain is valid: its own certificate, and the intermediate ones that clients get with it. */
export function validityOfChain([own, ...others]: readonly X509Certificate[]): Omit<
  NonNullable<Stats["server"]["tls"]>,
  "refused"
> {
  const { notBeforeMs, notAfterMs } = validityOf(own as X509Certificate);
  // Clients have their roots from elsewhere; one that is sent along means nothing to them.
  const ends = others
    .filter(({ subject, issuer }) => subject !== issuer)
    .map((each) => validityOf(each).notAfterMs);
  return {
    not_before_ms: notBeforeMs,
    not_after_ms: notAfterMs,
    chain_not_after_ms: ends.length === 0 ? null : Math.min(...ends),
  };
}

function validityOf({ validFrom, validTo }: X509Certificate) {
  return { notBeforeMs: Date.parse(validFrom), notAfterMs: Date.parse(validTo) };
}

/** `DNS:a.example, IP Address:127.0.0.1` as a list; names with commas in them come in quotes. */
function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  const entries = subjectAltName.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  return entries.map((entry) => entry.trim().replace(/^[^:]*:/, ""));
}

function oneLine(name: string | undefined): string {
  return (name ?? "").replaceAll("\n", ", ");
}
