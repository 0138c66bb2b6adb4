import { createServer } from "node:net";
import { PlainError } from "./project.mjs";

/**
 * Checks that each `{variable, host, port}` can be listened on and throws a PlainError naming the variable of
 * the first that can't. All are held at once, so that two with the same port are found as well.
 */
export async function requireFreePorts(wanted) {
  const held = [];
  try {
    for (const { variable, host, port } of wanted) held.push(await listen(variable, host, port));
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** `count` different loopback ports that nobody listens on right now. */
export async function freePorts(count) {
  const held = [];
  for (let i = 0; i < count; i += 1) held.push(await listen("", "127.0.0.1", 0));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listen(variable, host, port) {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(asPlainError(error, variable, host, port)));
    server.listen(port, host, resolve);
  });
  return server;
}

function asPlainError(error, variable, host, port) {
  if (error.code === "EADDRINUSE")
    return new PlainError(`Port ${port} is in use: set ${variable} to another one`);
  if (error.code === "EACCES") {
    return new PlainError(
      `Port ${port} needs more rights than this user has: set ${variable} to another one`,
    );
  }
  const hostVariable = variable.replace(/PORT$/, "HOST");
  return new PlainError(`Cannot listen on ${host}: ${error.code} (set ${hostVariable} to another address)`);
}
