import { readFile } from "node:fs/promises";
import type { Host } from "../../../lib/contract/service-api";

type Listening = NonNullable<Host["listening"]["value"]>[number];

/** Kernel counters of all TCP sockets of the machine. Source: /proc/net/{snmp,netstat} (RFC 4022, proc(5)). */
export async function readTcpCounters(): Promise<NonNullable<Host["tcp"]["value"]>> {
  const [snmp, netstat] = await Promise.all([
    readFile("/proc/net/snmp", "utf8"),
    readFile("/proc/net/netstat", "utf8").catch(() => ""),
  ]);
  const tcp = parseTable(snmp, "Tcp");
  const sent = tcp.get("OutSegs");
  const again = tcp.get("RetransSegs");
  if (sent === undefined || again === undefined) throw new Error("/proc/net/snmp has no TCP counters");
  return {
    segments_out_total: sent,
    retransmitted_total: again,
    listen_overflows_total: parseTable(netstat, "TcpExt").get("ListenOverflows") ?? null,
  };
}

/** A line of names and one of numbers, both beginning with `Name:`. */
export function parseTable(text: string, name: string): Map<string, number> {
  const [names = [], values = []] = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}: `))
    .map((line) => line.split(" ").slice(1));
  return new Map(names.map((key, index) => [key, Number(values[index])]));
}

/** Sockets of this network namespace that listen. Source: /proc/net/tcp and tcp6 (proc(5)). */
export async function readListening(roles: ReadonlyMap<number, "websocket" | "admin">): Promise<Listening[]> {
  const [four, six] = await Promise.all([
    readFile("/proc/net/tcp", "utf8"),
    readFile("/proc/net/tcp6", "utf8").catch(() => ""),
  ]);
  return [four, six].flatMap(parseListening).map(({ address, port, queued }) => ({
    address,
    port,
    role: roles.get(port) ?? null,
    queued,
    // The kernel tells it to netlink only.
    backlog: null,
  }));
}

const listenState = "0A";

export function parseListening(text: string): { address: string; port: number; queued: number }[] {
  const found = [];
  for (const line of text.split("\n").slice(1)) {
    const [, local, , state, queues] = line.trim().split(/\s+/);
    const [host, port] = local?.split(":") ?? [];
    if (state !== listenState || host === undefined || port === undefined) continue;
    const queued = Number.parseInt(queues?.split(":")[1] ?? "0", 16);
    found.push({ address: addressText(host), port: Number.parseInt(port, 16), queued });
  }
  return found;
}

/** Each group of four bytes stands in the order of a little-endian machine. */
function addressText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  // The URL standard has the shortest spelling of an IPv6 address.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
