import { afterEach, expect, test } from "vitest";
import { closePayload, frame, opcodes, RawWebsocket } from "../../testing/raw-websocket";
import type { CloseSide } from "../counters";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

const { text, binary, continuation, ping, close } = opcodes;
const sendFrame =
  (...parts: Parameters<typeof frame>) =>
  (client: RawWebsocket) =>
    client.send(frame(...parts));

async function operator(path: string, method: string): Promise<void> {
  const response = await fetch(`${service.adminUrl}${path}`, { method });
  expect(response.ok).toBe(true);
}

const idOf = (client: RawWebsocket) => String(client.messages[0]?.connection_id);

/** What happens to a connection, the code of the close frame that its client gets, and what is counted. */
const closes: [
  name: string,
  happens: (client: RawWebsocket) => unknown,
  told: number | null,
  counted: number,
  side: CloseSide,
  reason: RegExp,
  env?: Record<string, string>,
][] = [
  [
    "the client leaves",
    sendFrame({ opcode: close, payload: closePayload(1000) }),
    1000,
    1000,
    "client",
    /^$/,
  ],
  [
    "its page goes away",
    sendFrame({ opcode: close, payload: closePayload(1001) }),
    1001,
    1001,
    "client",
    /^$/,
  ],
  ["it gives no code", sendFrame({ opcode: close }), 1005, 1005, "client", /^$/],
  [
    "it has a code and a reason of its own",
    sendFrame({ opcode: close, payload: closePayload(3123, "moved") }),
    3123,
    3123,
    "client",
    /^moved$/,
  ],
  ["it resets", (client) => client.socket.resetAndDestroy(), null, 1006, "lost", /^$/],
  ["it ends the stream without a close frame", (client) => client.socket.end(), null, 1006, "lost", /^$/],
  [
    "it answers no ping",
    () => {},
    null,
    1006,
    "lost",
    /^heartbeat timeout$/,
    { HEARTBEAT_INTERVAL: "0.05", PING_TIMEOUT: "0.1" },
  ],
  [
    "it does not mask",
    sendFrame({ opcode: text, masked: false }),
    1002,
    1002,
    "server",
    /^frame is not masked$/,
  ],
  [
    "it sends a code that is none",
    sendFrame({ opcode: close, payload: closePayload(1006) }),
    1002,
    1002,
    "server",
    /close code/,
  ],
  ["it sends binary", sendFrame({ opcode: binary }), 1003, 1003, "server", /^text frames only$/],
  [
    "it sends broken text",
    sendFrame({ opcode: text, payload: Buffer.from([0xff]) }),
    1007,
    1007,
    "server",
    /UTF-8/,
  ],
  [
    "it floods",
    (client) => client.send(...Array.from({ length: 60 }, () => frame({ opcode: ping }))),
    1008,
    1008,
    "server",
    /^too many control frames$/,
  ],
  [
    "it sends too many fragments",
    (client) =>
      client.send(frame({ opcode: text, final: false }), frame({ opcode: continuation, final: false })),
    1008,
    1008,
    "server",
    /^too many fragments$/,
    { WEBSOCKET_MESSAGES_MAX_FRAGMENTS: "1" },
  ],
  [
    "it sends too much",
    sendFrame({ opcode: text, length: 1n << 40n, lengthBytes: 8 }),
    1009,
    1009,
    "server",
    /^message too big$/,
  ],
  [
    "an operator closes it",
    (client) => operator(`/admin/connections/${idOf(client)}`, "DELETE"),
    4001,
    4001,
    "server",
    /./,
  ],
  [
    "an operator closes it with a code and a reason",
    (client) => operator(`/admin/connections/${idOf(client)}?code=1012&reason=deploy`, "DELETE"),
    1012,
    1012,
    "server",
    /^deploy$/,
  ],
];

test.each(closes)(
  "%s: told and counted, listed and logged",
  async (_name, happens, told, counted, side, reason, env) => {
    service = await startTestService(env);
    const client = await RawWebsocket.open(service.websocketPort);
    await until(() => client.messages.length > 0);
    await happens(client);
    expect(await client.closing()).toBe(told);
    // The other half of the closing handshake, which a client that was told has to do.
    if (told !== null)
      client.send(frame({ opcode: close, payload: closePayload(told === 1005 ? 1000 : told) }));
    await until(() => service.stats().connections.closed_total === 1);
    const sides = { client: 0, server: 0, lost: 0, [side]: 1 };
    expect(service.stats().connections).toMatchObject({
      active_connections: 0,
      closed_by_code: { [counted]: 1 },
      closed_by_side: sides,
    });
    const { closes: listed } = await (await fetch(`${service.adminUrl}/admin/closed-connections`)).json();
    expect(listed).toMatchObject([{ code: counted, side, reason: expect.stringMatching(reason) }]);
    const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(new RegExp(`^\\S+\\{[^}]*code="${counted}"[^}]*\\} 1$`, "m"));
    await until(() =>
      new RegExp(`connection closed .*side=${side} code=${counted} `).test(service.logText()),
    );
    client.end();
  },
);

test("a client that never answers the close frame is cut, and counts as closed by the server", async () => {
  service = await startTestService();
  const client = await RawWebsocket.open(service.websocketPort);
  client.send(frame({ opcode: binary }));
  expect(await client.closing()).toBe(1003);
  await until(() => client.ended || client.closed);
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections.closed_by_side).toEqual({ client: 0, server: 1, lost: 0 });
  client.end();
});
