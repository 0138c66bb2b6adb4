import { hostname, networkInterfaces } from "node:os";
import { isLoopback } from "../../process/loopback";

interface Address {
  host: string;
  port: number;
  publicUrl: string;
}

/**
 * The hosts that a console on a loopback address answers to; null when it listens to the network and takes
 * all. A page of another site that had its name point to 127.0.0.1 would otherwise be the console's own origin
 * (DNS rebinding).
 */
export function allowedHosts(address: Address): Set<string> | null {
  if (!isLoopback(address.host)) return null;
  return new Set([...loopbackHosts(address), new URL(address.publicUrl).host]);
}

/** The origins that live connections are taken from: the public one, and this machine's own names and addresses. */
export function allowedOrigins(address: Address): string[] {
  const hosts = isLoopback(address.host)
    ? loopbackHosts(address)
    : [...loopbackHosts(address), ...machineHosts(address.port)];
  return [...new Set([address.publicUrl, ...hosts.map((host) => new URL(`http://${host}`).origin)])];
}

function loopbackHosts({ host, port }: Address): string[] {
  return ["localhost", "127.0.0.1", "[::1]", bracketed(host).toLowerCase()].map((name) => `${name}:${port}`);
}

function machineHosts(port: number): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const names = addresses.filter((each) => !each.scopeid).map((each) => bracketed(each.address));
  return [...names, hostname().toLowerCase()]
    .map((name) => `${name}:${port}`)
    .filter((h) => URL.canParse(`http://${h}`));
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
