import ipaddr from "ipaddr.js";
import type { ConnectionsByNetwork } from "../../../lib/contract/console-api";
import type { ConnectionsByIp } from "../../../lib/contract/service-api";

const shown = 50;

/** The network an address counts to: IPv4 in /24, IPv6 in /48; what is no address stands for itself. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const ip = ipaddr.process(address);
  const bits = ip.kind() === "ipv4" ? 24 : 48;
  const text = `${ip.toString()}/${bits}`;
  const network =
    ip.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text);
  return `${network.toString()}/${bits}`;
}

/** Connections by network, largest first; what is not shown is summed up in `others`. */
export function groupByNetwork(addresses: ConnectionsByIp): Omit<ConnectionsByNetwork, "readAtMs"> {
  const groups = new Map<string, { network: string; connections: number; idle: number }>();
  for (const { remote_ip, connections, idle } of addresses) {
    const network = networkOf(remote_ip);
    const group = groups.get(network) ?? { network, connections: 0, idle: 0 };
    group.connections += connections;
    group.idle += idle;
    groups.set(network, group);
  }
  const sorted = [...groups.values()].sort(
    (a, b) => b.connections - a.connections || a.network.localeCompare(b.network),
  );
  const others = { networks: 0, connections: 0, idle: 0 };
  for (const { connections, idle } of sorted.slice(shown)) {
    others.networks++;
    others.connections += connections;
    others.idle += idle;
  }
  return { networks: sorted.slice(0, shown), others };
}
