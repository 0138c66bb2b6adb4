import fc from "fast-check";
import { expect, test } from "vitest";
import { maskAddress, maskAddressesIn } from "./addresses";

test.each([
  ["203.0.113.41", "203.0.113.x"],
  ["203.0.113.0/24", "203.0.113.x"],
  ["2001:db8:1:2::7", "2001:db8:1::/48"],
  ["2001:db8:1::/48", "2001:db8:1::/48"],
  ["::ffff:203.0.113.41", "203.0.113.x"],
  ["[2001:db8:1:2::7]", "2001:db8:1::/48"],
  ["fe80::1%eth0", "fe80::/48"],
  ["::1", "::/48"],
  ["localhost", "?"],
  ["", "?"],
])("cuts %s to its network", (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
});

test.each([
  ["from 203.0.113.41.", "from 203.0.113.x."],
  ["203.0.113.41:8765 and 198.51.100.0/24", "203.0.113.x:8765 and 198.51.100.x"],
  ["地址203.0.113.41断开", "地址203.0.113.x断开"],
  ["[2001:db8:1:2::7]:443", "[2001:db8:1::/48]:443"],
  ["peer 2001:db8:1:2::7: reset", "peer 2001:db8:1::/48: reset"],
  ["via ::ffff:203.0.113.41 now", "via 203.0.113.x now"],
  ["at 02:41:10, build 3.8.2, code c-1:2", "at 02:41:10, build 3.8.2, code c-1:2"],
])("finds addresses in %s", (text, masked) => {
  expect(maskAddressesIn(text)).toBe(masked);
});

test("leaves no address whole, wherever it stands", () => {
  const around = fc.constantFrom("", " ", "(", "=", '"', "，", ": ", "[", "]", "->", ", ");
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), around, around, (address, before, after) => {
      const text = maskAddressesIn(`x${before || " "}${address}${after}`).replace(maskAddress(address), "");
      return !text.split(/[^0-9A-Fa-f:.]+/).includes(address);
    }),
  );
});
