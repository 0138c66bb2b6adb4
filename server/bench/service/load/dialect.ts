export type DialectName = "plain" | "socket.io";

/** How a contender is spoken to: what differs between a WebSocket and socket.io on top of one. */
export interface Dialect {
  path: string;
  /** Sent once connected. */
  greeting: string | null;
  /** Text frames that come before requests may be sent. */
  opening: number;
  subscribe(topic: string): string;
  publish(topic: string, data: string): string;
  /** Bytes of a message behind the end of its data. */
  tail: number;
}

/** Text frames shorter than this are no data: answers and the like. Longer ones without data come only at a start. */
export const leastDataBytes = 150;

const request = (op: string, topic: string, data?: string) =>
  `{"op":"${op}","topic":"${topic}"${data === undefined ? "" : `,"data":${data}`}}`;

export const dialects: Record<DialectName, Dialect> = {
  plain: {
    path: "/",
    greeting: null,
    opening: 0,
    subscribe: (topic) => request("subscribe", topic),
    publish: (topic, data) => request("publish", topic, data),
    tail: 1,
  },
  "socket.io": {
    path: "/socket.io/?EIO=4&transport=websocket",
    greeting: "40",
    opening: 2,
    subscribe: (topic) => `42["request",${request("subscribe", topic)}]`,
    publish: (topic, data) => `42["request",${request("publish", topic, data)}]`,
    tail: 2,
  },
};
