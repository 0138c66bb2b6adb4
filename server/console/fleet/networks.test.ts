import { expect, it } from "vitest";
import { groupByNetwork, networkOf } from "./networks";

it.each([
  ["192.0.2.77", "192.0.2.0/24"],
  ["::ffff:192.0.2.77", "192.0.2.0/24"],
  ["2001:db8:1:2::7", "2001:db8:1::/48"],
  ["::1", "::/48"],
  ["no address", "no address"],
])("%s counts to %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it("puts the largest first and sums up what is not shown", () => {
  const addresses = Array.from({ length: 60 }, (_, i) => ({
    remote_ip: `10.0.${i}.1`,
    connections: i + 1,
    idle: 1,
  }));
  const { networks, others } = groupByNetwork(addresses);
  expect(networks).toHaveLength(50);
  expect(networks[0]).toEqual({ network: "10.0.59.0/24", connections: 60, idle: 1 });
  expect(others).toEqual({ networks: 10, connections: 55, idle: 10 });
});
