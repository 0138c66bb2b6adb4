import { runBench } from "./service/bench";
import { serveLoad } from "./service/load/serve-load";
import { servePlainWs } from "./service/peers/plain-ws";
import { serveSocketIo } from "./service/peers/socket-io";
import { serveUwebsockets } from "./service/peers/uwebsockets";
import { measureRowsWithoutSockets } from "./service/rows-without-sockets";

/** `npm run bench:service`. Its load client and its peers are this same bundle in processes of their own. */
const words = process.argv.slice(2).filter((word) => word !== "bench-service");
const parts: Record<string, () => void | Promise<void>> = {
  load: serveLoad,
  rows: measureRowsWithoutSockets,
  ws: servePlainWs,
  "socket.io": serveSocketIo,
  uWebSockets: () => serveUwebsockets(words[2] ?? ""),
};
const part = words[0] === "--part" ? parts[words[1] ?? ""] : undefined;
await (part ?? (() => runBench(words)))();
