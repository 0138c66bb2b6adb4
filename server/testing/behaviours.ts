import type { IncomingMessage, ServerResponse } from "node:http";

/** One question to a fake member and what its behaviours need. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Answers as a good member does. */
  answer: () => void;
  /** A valid answer of GET /stats. */
  stats: () => string;
  /** Stopped when the member closes. */
  timers: Set<NodeJS.Timeout>;
}

const behaviourList = {
  ok: ({ answer }: Exchange) => answer(),
  /** Answers well, a quarter of a second late. */
  slow: ({ answer, timers }: Exchange) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      answer();
    }, 250);
    timers.add(timer);
  },
  /** Takes the question and says nothing. */
  hang: () => {},
  /** A byte now and then, for ever. */
  drip: ({ response, timers }: Exchange) => {
    startJson(response);
    const timer = setInterval(() => response.write(" "), 20);
    timers.add(timer);
    response.on("close", () => {
      clearInterval(timer);
      timers.delete(timer);
    });
  },
  /** Bytes without an end. */
  flood: ({ response }: Exchange) => {
    startJson(response);
    const chunk = Buffer.alloc(65_536, " ");
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pour);
    pour();
  },
  /** A valid answer, only much too large. */
  huge: ({ response, stats }: Exchange) =>
    send(response, `${stats().slice(0, -1)},"padding":"${"x".repeat(4_000_000)}"}`),
  html: ({ response }: Exchange) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Welcome</title>");
  },
  "half-json": ({ response, stats }: Exchange) => send(response, stats().slice(0, 200)),
  nan: ({ response, stats }: Exchange) =>
    send(response, stats().replace(/"rss_bytes":\d+/, '"rss_bytes":NaN')),
  negative: ({ response, stats }: Exchange) =>
    send(response, stats().replace(/"active_connections":\d+/, '"active_connections":-5')),
  "proto-keys": ({ response, stats }: Exchange) =>
    send(
      response,
      stats()
        .replace('"closed_by_code":{', '"closed_by_code":{"__proto__":7,"constructor":8,')
        .replace(/^{/, '{"__proto__":{"polluted":true},'),
    ),
  "wrong-types": ({ response, stats }: Exchange) =>
    send(response, stats().replace(/"out_total":\d+/, '"out_total":"many"')),
  blank: ({ response }: Exchange) => send(response, ""),
  redirect: ({ response }: Exchange) => {
    response.writeHead(302, { location: "/elsewhere" });
    response.end();
  },
  /** Breaks the connection off with a reset. */
  reset: ({ request }: Exchange) => {
    request.socket.resetAndDestroy();
  },
  /** Closes the connection without a word. */
  empty: ({ request }: Exchange) => {
    request.socket.end();
  },
  /** Closes the connection in the middle of the answer. */
  "cut-off": ({ request, response }: Exchange) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100000" });
    response.write("{", () => request.socket.destroy());
  },
  "no-http": ({ request }: Exchange) => {
    request.socket.end("SSH-2.0-OpenSSH_9.2\r\n");
  },
  gzip: ({ response }: Exchange) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end("not unpacked");
  },
  "status-500": ({ response }: Exchange) => {
    response.writeHead(500, { "content-type": "text/plain" });
    response.end("broken");
  },
  "status-401": ({ response }: Exchange) =>
    json(response, 401, { error: { code: "INVALID_TOKEN", message: "a token is needed" } }),
  "coded-error": ({ response }: Exchange) =>
    json(response, 409, { error: { code: "ACTION_RUNNING", message: "one at a time" } }),
};

/** How a fake member can behave towards every question. */
export type Mode = keyof typeof behaviourList;

export const behaviours: Record<Mode, (exchange: Exchange) => void> = behaviourList;

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function startJson(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
}

function send(response: ServerResponse, body: string): void {
  startJson(response);
  response.end(body);
}
