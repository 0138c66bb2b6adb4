import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../testing/until";
import { receive, sourceStatus, startFedService } from "./test-fed-service";

let server: Server;
let address: string;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function start(env: Record<string, string> = {}, path = "/weather") {
  const service = await startFedService({
    WEBSOCKET_SOURCES_HTTP_POLL_URLS: `weather=${address}${path}`,
    WEBSOCKET_SOURCES_HTTP_POLL_INTERVAL: "0.05",
    ...env,
  });
  ends.push(() => service.end());
  const status = () => sourceStatus(service, "http-poll.weather");
  return { service, status };
}

const json = (value: unknown) => (_: IncomingMessage, response: ServerResponse) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
};
/** Waits until the server was asked so many more times. */
async function askedAgain(times = 3) {
  const seen = requests.length;
  await until(`${times} more requests`, () => requests.length >= seen + times);
}

test("a value is published when it changes, and only then", async () => {
  answer = json({ data: { berlin: 20 } });
  const { service, status } = await start({ WEBSOCKET_SOURCES_HTTP_POLL_POINTER: "/data/berlin" });
  const received = await receive(service, ["weather"]);
  await received.has(1);
  await askedAgain();
  answer = json({ data: { berlin: 21 } });
  await received.has(2);
  await askedAgain();
  expect(received.of("weather")).toEqual([20, 21]);
  expect(await status()).toMatchObject({ state: "running", messages_total: 2, errors_total: 0 });
});

test("asked to, it publishes after every answer, also after one that says nothing changed", async () => {
  answer = (request, response) => {
    response.setHeader("etag", '"1"');
    if (request.headers["if-none-match"] === '"1"') response.statusCode = 304;
    response.end(response.statusCode === 304 ? undefined : "7");
  };
  const { service } = await start({ WEBSOCKET_SOURCES_HTTP_POLL_PUBLISH: "always" });
  const received = await receive(service, ["weather"]);
  await received.has(4);
  expect(new Set(received.of("weather"))).toEqual(new Set([7]));
  expect(requests.slice(1).every(({ headers }) => headers["if-none-match"] === '"1"')).toBe(true);
});

test("the members of an object are topics of their own", async () => {
  answer = json({ berlin: 1, lyon: 2 });
  const { service } = await start({ WEBSOCKET_SOURCES_HTTP_POLL_SPLIT: "true" });
  const received = await receive(service, ["weather.berlin", "weather.lyon"]);
  await received.has(2);
  answer = json({ berlin: 1, lyon: 3, "bad name": 4 });
  await received.has(3);
  expect(received.of("weather.berlin")).toEqual([1]);
  expect(received.of("weather.lyon")).toEqual([2, 3]);
});

test("several addresses are several sources", async () => {
  answer = (request, response) => json(request.url)(request, response);
  const { service } = await start({
    WEBSOCKET_SOURCES_HTTP_POLL_URLS: `a=${address}/x,b=${address}/y?z=1`,
  });
  const received = await receive(service, ["a", "b"]);
  await received.has(2);
  expect([received.of("a"), received.of("b")]).toEqual([["/x"], ["/y?z=1"]]);
});

test("credentials are sent, as a header or with the address", async () => {
  answer = json(1);
  await start({ WEBSOCKET_SOURCES_HTTP_POLL_AUTHORIZATION: "Bearer abc" });
  await askedAgain(1);
  expect(requests.at(-1)?.headers.authorization).toBe("Bearer abc");
  await start({
    WEBSOCKET_SOURCES_HTTP_POLL_URLS: `weather=${address.replace("//", "//ada:s%20t@")}/basic`,
  });
  await until("it was asked", () => requests.some(({ url }) => url === "/basic"));
  const basic = requests.find(({ url }) => url === "/basic")?.headers.authorization;
  expect(basic).toBe(`Basic ${Buffer.from("ada:s t").toString("base64")}`);
});

/** What a server may answer, and what the source makes of it. */
const failures: [string, (request: IncomingMessage, response: ServerResponse) => void, string, RegExp][] = [
  ["503", (_, response) => response.writeHead(503).end(), "backoff", /^HTTP 503$/],
  ["404", (_, response) => response.writeHead(404).end("x"), "backoff", /^HTTP 404$/],
  ["401", (_, response) => response.writeHead(401).end(), "failed", /^HTTP 401$/],
  [
    "a redirect",
    (_, response) => response.writeHead(302, { location: "/elsewhere" }).end(),
    "failed",
    /redirects are not followed/,
  ],
  ["304 to nobody's question", (_, response) => response.writeHead(304).end(), "failed", /HTTP 304/],
  [
    "a connection cut",
    (request) => request.socket.destroy(),
    "backoff",
    /other side closed|ECONNRESET|hang up/,
  ],
  ["silence", () => {}, "backoff", /no answer within 0.3 s/],
  [
    "an answer that never ends",
    (_, response) => {
      response.write("[");
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    },
    "backoff",
    /no answer within 0.3 s/,
  ],
  [
    "more than allowed",
    (_, response) => response.end(`"${"x".repeat(2_000)}"`),
    "backoff",
    /larger than 1024 bytes/,
  ],
  ["not HTTP", (request) => request.socket.end("what?\r\n\r\n"), "backoff", /./],
  ["text", (_, response) => response.end("sunny"), "running", /^weather: the answer is not JSON$/],
  ["nothing", (_, response) => response.end(), "running", /the answer is not JSON/],
  ["something else", json([1]), "running", /the answer has nothing at \/value/],
];

test.each(failures)("%s is told honestly, and gets over", async (_name, misbehave, state, text) => {
  answer = misbehave;
  const { service, status } = await start({
    WEBSOCKET_SOURCES_TIMEOUT: "0.3",
    WEBSOCKET_SOURCES_MAX_BYTES: "1024",
    WEBSOCKET_SOURCES_HTTP_POLL_POINTER: "/value",
  });
  await until("it says so", async () => {
    const told = await status();
    return told.state === state && text.test(told.last_error ?? "");
  });
  expect(requests.some(({ url }) => url === "/elsewhere")).toBe(false);
  answer = json({ value: "fine" });
  const received = await receive(service, ["weather"]);
  await received.has(1);
  expect(received.of("weather")).toEqual(["fine"]);
  await until("it runs", async () => (await status()).state === "running");
});

test("nobody there is backoff, and secrets of the address are not told", async () => {
  const { service, status } = await start({
    WEBSOCKET_SOURCES_HTTP_POLL_URLS: "weather=http://ada:hunter2@127.0.0.1:1/x?key=hunter3",
  });
  await until("it says so", async () => (await status()).state === "backoff");
  expect((await status()).last_error).toMatch(/ECONNREFUSED/);
  const config = await (await fetch(`${service.adminUrl}/admin/effective-config`)).text();
  expect(JSON.stringify(await status()) + service.logText() + config).not.toMatch(/hunter/);
});
