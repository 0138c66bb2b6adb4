import { createRequire } from "node:module";
import { join } from "node:path";
import { sayReady, sequencer, type TopicRequest } from "./peer-protocol";

interface Socket {
  subscribe(topic: string): void;
}
interface App {
  ws(pattern: string, behaviour: Record<string, unknown>): App;
  listen(host: string, port: number, done: (listening: unknown) => void): void;
  publish(topic: string, message: string): boolean;
}
interface Uwebsockets {
  App(): App;
  us_socket_local_port(listening: unknown): number;
}

/** Throws when there is no build of it, under any of its names on npm, for this system. */
export function loadUwebsockets(folder: string): Uwebsockets {
  const require = createRequire(join(folder, "package.json"));
  const failures: string[] = [];
  for (const name of ["uWebSockets.js", "uwebsockets", "@btc-vision/uwebsockets.js"]) {
    try {
      return require(name) as Uwebsockets;
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
      if (!missing) failures.push(`${name}: ${String(error).split("\n").at(-1)?.slice(0, 160)}`);
    }
  }
  throw new Error(failures.join("; ") || `none is installed in ${folder}; see --uws`);
}

/** Its own publish and subscribe, with the back-pressure limit that it has by default. */
export function serveUwebsockets(folder: string): void {
  const { App, us_socket_local_port } = loadUwebsockets(folder);
  const place = sequencer();
  const app = App();
  app.ws("/*", {
    message(socket: Socket, text: ArrayBuffer) {
      const request = JSON.parse(Buffer.from(text).toString()) as TopicRequest;
      if (request.op === "subscribe") socket.subscribe(request.topic);
      else app.publish(request.topic, JSON.stringify(place(request)));
    },
  });
  app.listen("127.0.0.1", 0, (listening) => sayReady(us_socket_local_port(listening)));
}
