import { afterEach, expect, test } from "vitest";
import { exchange, handshakeText, RawWebsocket } from "../../testing/raw-websocket";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

/** What every object has, and so what an object that is used as a table would find. */
const inherited = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
  "prototype",
];

async function admin(path: string, init?: RequestInit) {
  const response = await fetch(`${service.adminUrl}${path}`, init);
  expect(response.status).toBe(200);
  return response;
}

test.each(inherited)("%s is a name like any other: topic, user agent, origin, id", async (name) => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "*",
    WEBSOCKET_CONNECTIONS_TRUSTED_PROXIES: "127.0.0.1",
    LOG_LEVEL: "debug",
  });
  const before = Object.getOwnPropertyNames(Object.prototype);
  const headers = { "user-agent": name, origin: name, "x-forwarded-for": name };
  const client = await RawWebsocket.open(service.websocketPort, { headers });
  const answers = new Map<unknown, Record<string, unknown>>();
  const ask = async (text: string, id: unknown) => {
    client.sendText(text);
    return until(() => client.messages.find((message) => message.id === id && !answers.has(id)));
  };
  expect(await ask(`{"id":"${name}","op":"subscribe","topic":"${name}"}`, name)).toMatchObject({
    ok: true,
    topic: name,
  });
  const data = `{"${name}":{"polluted":true},"n":[{"${name}":1}]}`;
  expect(await ask(`{"id":2,"op":"publish","topic":"${name}","data":${data}}`, 2)).toMatchObject({
    ok: true,
    seq: 1,
  });
  await until(() =>
    client.messages.some((message) => message.seq === 1 && message.topic === name && "data" in message),
  );
  const raw = client.frames.map(({ payload }) => payload.toString()).find((text) => text.includes('"data"'));
  expect(raw).toContain(`"data":${data}`);
  expect(await ask(`{"id":3,"op":"${name}","topic":"x"}`, 3)).toMatchObject({
    error: { code: "UNKNOWN_OP" },
  });
  client.sendText(`{"id":4,"op":"ping","${name}":{"polluted":true}}`);
  await until(() => client.messages.some(({ id }) => id === 4));
  const since = `{"epoch":"${name}","seq":0}`;
  expect(await ask(`{"id":5,"op":"subscribe","topic":"other","since":${since}}`, 5)).toMatchObject({
    ok: true,
  });

  const text = JSON.stringify(await (await admin("/stats")).json());
  expect(text).toContain(`"${name}"`);
  const metrics = await (await admin("/metrics")).text();
  expect(metrics).not.toContain("[object");
  expect(metrics).not.toContain("function");
  for (const query of [`topic=${name}`, `q=${name}`]) {
    const rows = await (await admin(`/admin/connections?${query}`)).json();
    expect(rows).toMatchObject([{ user_agent: name, subscriptions: 2, remote_ip: "127.0.0.1" }]);
  }
  const id = String(client.messages[0]?.connection_id);
  const detail = await (await admin(`/admin/connections/${id}`)).json();
  expect(detail.origin).toBe(name);
  expect(detail.topics.map(({ topic }: { topic: string }) => topic)).toContain(name);
  const body = JSON.stringify({ topic: name });
  const flushed = await admin("/admin/cache/flush", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  expect(await flushed.json()).toMatchObject({ entries: 1 });
  expect(await ask(`{"id":6,"op":"unsubscribe","topic":"${name}"}`, 6)).toMatchObject({ ok: true });
  client.end();
  await until(() => service.stats().connections.closed_total === 1);
  expect(await (await admin("/admin/connections/by-ip")).json()).toBeTruthy();

  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
  expect(service.logText()).not.toMatch(/ERROR|CRITICAL/);
});

test("a header, a method, a path or a protocol of such a name is refused as any other", async () => {
  service = await startTestService({ WEBSOCKET_CONNECTIONS_ORIGINS: "null" });
  for (const name of inherited) {
    const port = service.websocketPort;
    const origin = await exchange(port, handshakeText({ headers: { origin: name } }));
    expect(origin.status).toBe(403);
    const path = await exchange(port, handshakeText({ requestLine: `GET /${name} HTTP/1.1` }));
    expect(path.status).toBe(404);
    const headers = { [name]: "x", "sec-websocket-protocol": name, "sec-websocket-extensions": name };
    const client = await RawWebsocket.open(port, { headers });
    expect(client.answer?.headers.has("sec-websocket-protocol")).toBe(false);
    client.end();
  }
  expect(service.stats().connections.refused_by_reason).toEqual({
    CROSS_ORIGIN: inherited.length,
    NOT_FOUND: inherited.length,
  });
});
