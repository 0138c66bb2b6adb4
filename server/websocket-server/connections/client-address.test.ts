import { afterEach, describe, expect, test } from "vitest";
import { RawWebsocket } from "../../testing/raw-websocket";
import { startTestService, type TestService, until } from "../test-service";
import { addressGroup, clientAddress, type ForwardedHeader, parseNetwork } from "./client-address";

const proxies = ["10.0.0.0/8", "192.0.2.7", "2001:db8:ff::/48", "fe80::1"];
type Row = [why: string, peer: string, header: string | undefined, address: string];

describe("X-Forwarded-For", () => {
  const rows: Row[] = [
    ["no header", "10.0.0.1", undefined, "10.0.0.1"],
    ["one hop", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["nobody trusted said it", "203.0.113.1", "198.51.100.1", "203.0.113.1"],
    ["the client forged the left part", "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["the client claims to be a proxy", "10.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"],
    ["two proxies", "10.0.0.1", "203.0.113.9, 192.0.2.7", "203.0.113.9"],
    ["all are proxies", "10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"],
    ["an address next to a proxy's", "192.0.2.8", "1.1.1.1", "192.0.2.8"],
    ["with a port", "10.0.0.1", "203.0.113.9:5000", "203.0.113.9"],
    ["IPv6", "10.0.0.1", "2001:DB8:0::1", "2001:db8::1"],
    ["IPv6 with a port", "10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"],
    ["a proxy of IPv6", "2001:db8:ff::5", "203.0.113.9", "203.0.113.9"],
    ["next to a proxy of IPv6", "2001:db8:fe::5", "203.0.113.9", "2001:db8:fe::5"],
    ["a proxy by mapped IPv4", "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["mapped IPv4 in hexadecimal", "::ffff:a00:1", "203.0.113.9", "203.0.113.9"],
    ["a client by mapped IPv4", "10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
    ["a hop with a zone", "fe80::1%eth0", "fe80::2%eth1", "fe80::2"],
    ["garbage", "10.0.0.1", "garbage", "10.0.0.1"],
    ["garbage after an address", "10.0.0.1", "1.1.1.1, garbage", "10.0.0.1"],
    ["garbage said by the client", "10.0.0.1", "garbage, 203.0.113.9", "203.0.113.9"],
    ["nothing after the comma", "10.0.0.1", "1.1.1.1,", "10.0.0.1"],
    ["an octal number", "10.0.0.1", "0177.0.0.1", "10.0.0.1"],
    ["a number for an address", "10.0.0.1", "3405803785", "10.0.0.1"],
    ["a short address", "10.0.0.1", "127.1", "10.0.0.1"],
    ["unknown", "10.0.0.1", "unknown", "10.0.0.1"],
    ["a script", "10.0.0.1", "<script>, '; drop", "10.0.0.1"],
    ["the name of a prototype", "10.0.0.1", "__proto__", "10.0.0.1"],
  ];
  test.each(rows)("%s: %s says %s", (_why, peer, header, address) => {
    const headers = { "x-forwarded-for": header, forwarded: "for=6.6.6.6" };
    expect(clientAddress(peer, headers, proxies, "x-forwarded-for")).toBe(address);
  });

  test("without trusted proxies nothing is believed, and mapped IPv4 is IPv4", () => {
    const headers = { "x-forwarded-for": "1.1.1.1" };
    expect(clientAddress("::ffff:127.0.0.1", headers, [], "x-forwarded-for")).toBe("127.0.0.1");
  });

  test("a long header takes no time to speak of", () => {
    const headers = { "x-forwarded-for": `${"10.1.1.1,".repeat(1_500)}203.0.113.9` };
    expect(clientAddress("10.0.0.1", headers, proxies, "x-forwarded-for")).toBe("203.0.113.9");
  });
});

describe("Forwarded", () => {
  const rows: Row[] = [
    ["one hop", "10.0.0.1", "for=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"],
    ["other parts first, capitals", "10.0.0.1", "Proto=http; For=203.0.113.9", "203.0.113.9"],
    ["quoted IPv6 with a port", "10.0.0.1", 'for="[2001:db8::1]:47011"', "2001:db8::1"],
    ["forged by the client", "10.0.0.1", "for=1.1.1.1, for=203.0.113.9", "203.0.113.9"],
    ["a hidden name", "10.0.0.1", "for=_hidden", "10.0.0.1"],
    ["no for", "10.0.0.1", "proto=https;by=1.1.1.1", "10.0.0.1"],
    ["a name that ends in for", "10.0.0.1", "xfor=1.1.1.1", "10.0.0.1"],
    ["a quote that does not end", "10.0.0.1", 'for="203.0.113.9', "10.0.0.1"],
  ];
  test.each(rows)("%s: %s says %s", (_why, peer, header, address) => {
    const headers = { forwarded: header, "x-forwarded-for": "6.6.6.6" };
    expect(clientAddress(peer, headers, proxies, "forwarded")).toBe(address);
  });
});

test("addresses of one IPv6 network of 64 bits count together, those of IPv4 each by itself", () => {
  expect(addressGroup("2001:db8:1:2::1")).toBe(addressGroup("2001:db8:1:2:ffff::9"));
  expect(addressGroup("2001:db8:1:2::1")).not.toBe(addressGroup("2001:db8:1:3::1"));
  expect(addressGroup("10.0.0.1")).not.toBe(addressGroup("10.0.0.2"));
  expect(addressGroup("unknown")).toBe("unknown");
});

test.each([
  ["10.0.0.0/8", true],
  ["10.0.0.1", true],
  ["::1", true],
  ["2001:db8::/32", true],
  ["::ffff:10.0.0.0/104", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/", false],
  ["10/8", false],
  ["127.1", false],
  ["localhost", false],
  ["", false],
])("%s as a network: %s", (text, valid) => {
  expect(parseNetwork(text) !== null).toBe(valid);
});

describe("at the port", () => {
  let service: TestService;
  afterEach(() => service?.end());
  const forwarded = (header: ForwardedHeader, value: string) => ({ headers: { [header]: value } });

  test("the limit of an address counts clients behind a proxy each by itself, whatever they forge", async () => {
    service = await startTestService({
      WEBSOCKET_CONNECTIONS_TRUSTED_PROXIES: "127.0.0.0/8",
      WEBSOCKET_CONNECTIONS_MAX_PER_IP: "2",
    });
    const port = service.websocketPort;
    const open = (value: string) => RawWebsocket.open(port, forwarded("x-forwarded-for", value));
    const clients = [
      await open("203.0.113.9"),
      await open("1.1.1.1, 203.0.113.9"),
      await open("203.0.113.8"),
    ];
    await expect(open("2.2.2.2, 203.0.113.9")).rejects.toThrow("refused with 429");
    await expect(open("garbage, ::ffff:203.0.113.9")).rejects.toThrow("refused with 429");
    const byIp = await (await fetch(`${service.adminUrl}/admin/connections/by-ip`)).json();
    expect(JSON.stringify(byIp)).toContain("203.0.113.9");
    expect(JSON.stringify(byIp)).not.toContain("1.1.1.1");
    clients[0]?.end();
    await until(() => service.stats().connections.active_connections === 2);
    clients.push(await open("203.0.113.9"));
    expect(service.logText()).toMatch(
      /connection refused reason=TOO_MANY_CONNECTIONS_FROM_IP ip=203\.0\.113\.9/,
    );
    for (const client of clients) client.end();
  });

  test("without trusted proxies, and by the other header, nobody changes the address that counts", async () => {
    service = await startTestService({ WEBSOCKET_CONNECTIONS_MAX_PER_IP: "1" });
    const port = service.websocketPort;
    const first = await RawWebsocket.open(port, forwarded("x-forwarded-for", "203.0.113.1"));
    const second = RawWebsocket.open(port, forwarded("forwarded", "for=203.0.113.2"));
    await expect(second).rejects.toThrow("refused with 429");
    first.end();
  });
});
