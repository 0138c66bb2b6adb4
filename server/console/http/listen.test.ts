import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { closerOf, listen } from "./listen";

it("cuts a connection that was upgraded and then belongs to nobody", async () => {
  const server = createServer();
  const close = closerOf(server);
  const upgraded = once(server, "upgrade");
  const port = await listen(server, "127.0.0.1", 0);
  const client = connect(port, "127.0.0.1");
  client.on("error", () => undefined);
  client.write("GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await upgraded;
  const cut = once(client, "close");
  await close();
  await cut;
  expect(client.destroyed).toBe(true);
});
