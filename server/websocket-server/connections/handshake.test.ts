import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  exchange,
  frame,
  type HandshakeLines,
  handshakeText,
  opcodes,
  RawWebsocket,
} from "../../testing/raw-websocket";
import { startTestService, type TestService, until } from "../test-service";

describe("what is refused, with its status and code", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      WEBSOCKET_CONNECTIONS_ORIGINS: "https://app.example,https://app.example:8443,null",
    });
  });
  afterAll(() => service.end());

  const key16 = "AAAAAAAAAAAAAAAAAAAAAA==";
  const refused: [name: string, lines: HandshakeLines | string, status: number, code: string][] = [
    ["no Host", { headers: { host: null } }, 400, "BAD_REQUEST"],
    ["an empty Host", { headers: { host: "" } }, 400, "BAD_REQUEST"],
    ["two Hosts", { headers: { host: ["localhost", "other"] } }, 400, "BAD_REQUEST"],
    ["twice the same Host", { headers: { host: ["localhost", "localhost"] } }, 400, "BAD_REQUEST"],
    ["two Hosts in one", { headers: { host: "localhost, other" } }, 400, "BAD_REQUEST"],
    ["a Host with a user", { headers: { host: "me@localhost" } }, 400, "BAD_REQUEST"],
    ["a Host with a path", { headers: { host: "localhost/ws" } }, 400, "BAD_REQUEST"],
    ["HTTP/1.0", { requestLine: "GET / HTTP/1.0" }, 400, "BAD_REQUEST"],
    ["POST", { requestLine: "POST / HTTP/1.1" }, 405, "METHOD_NOT_ALLOWED"],
    ["another path", { requestLine: "GET /admin HTTP/1.1" }, 404, "NOT_FOUND"],
    ["a path that begins alike", { requestLine: "GET /wsx HTTP/1.1" }, 404, "NOT_FOUND"],
    ["CONNECT", { requestLine: "CONNECT localhost:1 HTTP/1.1" }, 426, "UPGRADE_REQUIRED"],
    ["no Upgrade", { headers: { upgrade: null, connection: null } }, 426, "UPGRADE_REQUIRED"],
    ["Upgrade to something else", { headers: { upgrade: "h2c" } }, 426, "UPGRADE_REQUIRED"],
    [
      "an Upgrade that Connection does not name",
      { headers: { connection: "close" } },
      426,
      "UPGRADE_REQUIRED",
    ],
    ["Expect", { headers: { expect: "100-continue", upgrade: null } }, 426, "UPGRADE_REQUIRED"],
    ["a body", { headers: { "content-length": "5" } }, 400, "BAD_REQUEST"],
    ["a chunked body", { headers: { "transfer-encoding": "chunked" } }, 400, "BAD_REQUEST"],
    ["no key", { headers: { "sec-websocket-key": null } }, 400, "BAD_REQUEST"],
    ["the key of a tutorial", { headers: { "sec-websocket-key": "test" } }, 400, "BAD_REQUEST"],
    ["a key of 15 bytes", { headers: { "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAA" } }, 400, "BAD_REQUEST"],
    [
      "a key of 17 bytes",
      { headers: { "sec-websocket-key": `${key16.slice(0, 22)}A=` } },
      400,
      "BAD_REQUEST",
    ],
    ["two keys", { headers: { "sec-websocket-key": [key16, key16] } }, 400, "BAD_REQUEST"],
    ["no version", { headers: { "sec-websocket-version": null } }, 400, "BAD_REQUEST"],
    ["version 8", { headers: { "sec-websocket-version": "8" } }, 426, "UPGRADE_REQUIRED"],
    ["version 013", { headers: { "sec-websocket-version": "013" } }, 426, "UPGRADE_REQUIRED"],
    ["a subprotocol twice", { headers: { "sec-websocket-protocol": "a, a" } }, 400, "BAD_REQUEST"],
    ["a subprotocol with a space", { headers: { "sec-websocket-protocol": "a b" } }, 400, "BAD_REQUEST"],
    ["headers over 16 KiB", { headers: { cookie: "x".repeat(20_000) } }, 431, "HEADERS_TOO_LARGE"],
    ["a line that is no header", "GET / HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n", 400, "BAD_REQUEST"],
    ["what is no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n", 400, "BAD_REQUEST"],
    ["a space in a header's name", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "BAD_REQUEST"],
    [
      "Content-Length and Transfer-Encoding at once",
      { headers: { "content-length": "1", "transfer-encoding": "chunked" } },
      400,
      "BAD_REQUEST",
    ],
    ...[
      "http://app.example",
      "https://app.example.evil",
      "https://evil-app.example",
      "https://app.example:444",
      "https://app.example/",
      "https://user@app.example",
      "https://app.example https://evil.example",
      "https://app.example.",
      "https://app\u0435xample",
      "wss://app.example",
      "",
      "undefined",
    ].map((origin): [string, HandshakeLines, number, string] => [
      `the origin "${origin}"`,
      { headers: { origin } },
      403,
      "CROSS_ORIGIN",
    ]),
  ];

  test.each(refused)("%s", async (_name, lines, status, code) => {
    const before = service.stats().connections.refused_by_reason[code] ?? 0;
    const text = typeof lines === "string" ? lines : handshakeText(lines);
    const answer = await exchange(service.websocketPort, text);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength(answer.body)));
    expect(JSON.parse(answer.body)).toEqual({ error: { code, message: expect.stringMatching(/./) } });
    if (status === 426) expect(answer.headers.get("sec-websocket-version")).toBe("13");
    expect(service.stats().connections.refused_by_reason[code]).toBe(before + 1);
    expect(service.stats().connections.active_connections).toBe(0);
  });

  test("requests that follow each other in one packet are refused once", async () => {
    const before = service.stats().connections.refused_total;
    const plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    expect((await exchange(service.websocketPort, plain.repeat(50))).body).not.toContain("HTTP/1.1");
    expect(service.stats().connections.refused_total).toBe(before + 1);
  });

  const accepted: [name: string, lines: HandshakeLines][] = [
    ["no Origin, as programs send none", {}],
    ["an origin that is listed", { headers: { origin: "https://app.example" } }],
    ["an origin in capitals", { headers: { origin: "HTTPS://App.Example" } }],
    ["an origin with its scheme's own port", { headers: { origin: "https://app.example:443" } }],
    ["an origin with a port that is listed", { headers: { origin: "https://app.example:8443" } }],
    ["the origin of sandboxed frames, which is listed", { headers: { origin: "null" } }],
    ["the other path, with a query", { requestLine: "GET /ws?token=1 HTTP/1.1" }],
    ["an absolute target", { requestLine: "GET http://localhost/ws HTTP/1.1" }],
    ["a Host of IPv6 with a port", { headers: { host: "[::1]:8765" } }],
    ["Connection with more in it", { headers: { connection: "keep-alive, upgrade" } }],
    ["Upgrade in capitals", { headers: { upgrade: "WebSocket" } }],
    ["subprotocols of which none is spoken", { headers: { "sec-websocket-protocol": "a, b" } }],
    ["an offer to compress", { headers: { "sec-websocket-extensions": "permessage-deflate" } }],
  ];

  test.each(accepted)("accepts %s, and agrees to nothing more", async (_name, lines) => {
    const client = await RawWebsocket.open(service.websocketPort, lines);
    expect(client.answer?.headers.has("sec-websocket-protocol")).toBe(false);
    expect(client.answer?.headers.has("sec-websocket-extensions")).toBe(false);
    await until(() => client.messages.length === 1);
    expect(client.messages[0]?.op).toBe("welcome");
    client.end();
    await until(() => service.stats().connections.active_connections === 0);
  });
});

describe("on a port of its own", () => {
  let service: TestService;
  afterEach(() => service?.end());

  test("answers the key as RFC 6455 has it in section 1.3", async () => {
    service = await startTestService();
    const headers = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const client = await RawWebsocket.open(service.websocketPort, { headers });
    expect(client.answer?.headers.get("sec-websocket-accept")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    client.end();
  });

  test("agrees to the first subprotocol of the client that it speaks", async () => {
    service = await startTestService({ WEBSOCKET_CONNECTIONS_SUBPROTOCOLS: "v1.json,v2.json" });
    const headers = { "sec-websocket-protocol": "V1.json, v2.json, v1.json" };
    const client = await RawWebsocket.open(service.websocketPort, { headers });
    expect(client.answer?.headers.get("sec-websocket-protocol")).toBe("v2.json");
    client.end();
  });

  test("what a client sends together with its handshake is not lost", async () => {
    service = await startTestService();
    const requests = [1, 2, 3].map((id) => ({ opcode: opcodes.text, payload: `{"op":"ping","id":${id}}` }));
    const first = Buffer.concat(requests.map(frame));
    const whole = await RawWebsocket.open(service.websocketPort, {}, first);
    // In the middle of the second frame.
    const cut = await RawWebsocket.open(service.websocketPort, {}, first.subarray(0, 40));
    cut.send(first.subarray(40));
    for (const client of [whole, cut]) {
      await until(() => client.messages.length === 4);
      expect(client.messages.slice(1).map(({ id }) => id)).toEqual([1, 2, 3]);
      client.end();
    }
  });

  test("60 handshakes that drip and 40 that are silent are cut and counted, and keep nobody out", async () => {
    service = await startTestService({ WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.3" });
    const slow = Array.from({ length: 100 }, () => new RawWebsocket(service.websocketPort));
    const dripping = slow.slice(0, 60);
    const text = handshakeText({ headers: { cookie: "x".repeat(8_000) } });
    let at = 0;
    const drip = setInterval(() => {
      for (const { socket } of dripping) if (socket.writable) socket.write(text[at] ?? "");
      at++;
    }, 5);
    const good = await service.client();
    await until(() => slow.every((client) => client.ended || client.closed));
    clearInterval(drip);
    expect(at).toBeGreaterThan(5);
    expect(service.stats().connections.refused_by_reason).toEqual({ HANDSHAKE_TIMEOUT: 100 });
    expect((await good.request({ op: "ping" })).ok).toBe(true);
    for (const client of slow) client.end();
  });

  test("a client that takes no answer to its refused handshake is cut off too", async () => {
    service = await startTestService({ WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.3" });
    const socket = connect({ port: service.websocketPort, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {}).pause();
    socket.write("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
    let gone = false;
    const keepsSending = setInterval(() => socket.write("x".repeat(1_000), (error) => (gone ||= !!error)), 5);
    await until(() => gone);
    clearInterval(keepsSending);
    expect(service.stats().connections.refused_by_reason).toEqual({ UPGRADE_REQUIRED: 1 });
    socket.destroy();
  });

  test("beyond connections.max_handshakes sockets are closed at once", async () => {
    service = await startTestService({ WEBSOCKET_CONNECTIONS_MAX_HANDSHAKES: "10" });
    const idle = Array.from({ length: 30 }, () => new RawWebsocket(service.websocketPort));
    await until(() => idle.filter((client) => client.ended || client.closed).length === 20);
    expect(service.stats().connections.refused_by_reason).toEqual({ TOO_MANY_HANDSHAKES: 20 });
    for (const client of idle) client.end();
    await until(async () => (await service.client().catch(() => null)) !== null);
  });
});
