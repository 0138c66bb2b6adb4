import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import next from "next";
import { createLogger } from "../process/logger";
import { onShutdown } from "../process/shutdown";
import { createAudit } from "./audit/audit";
import { ensureAdmin } from "./auth/first-admin";
import { keptSecret } from "./auth/kept-secret";
import { readEnv, urlOf } from "./env";
import { allowedHosts } from "./http/allowed-hosts";
import { closerOf, listen, stopAccepting } from "./http/listen";
import { createListener } from "./http/listener";
import { findProjectRoot } from "./project-root";
import { announceReady } from "./ready";
import { setRuntime } from "./runtime";
import { createStopList } from "./stop-list";
import { openStore } from "./storage/open-store";
import { wire } from "./wiring";

const stopWithinMs = 5_000;

/**
 * Starts the console and resolves once it answers. The port is taken first, so that a taken one is told before
 * anything is written; requests that come early wait. Throws StartupError for what people can put right.
 */
export async function runConsole(variables: NodeJS.ProcessEnv): Promise<void> {
  const logger = createLogger((line) => process.stdout.write(`${line}\n`));
  const stops = createStopList();
  let stopping = false;
  onShutdown(
    async (signal) => {
      stopping = true;
      logger.info("stopping", { signal });
      await stops.run();
    },
    stopWithinMs,
    () => stops.underway(),
  );
  // The launcher's end closes the channel: nobody would be there to stop this process.
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

  const root = findProjectRoot();
  const env = readEnv(variables, root);
  // Not for children to inherit.
  delete variables.WIREWATCH_ADMIN_PASSWORD;
  const dev = variables.NODE_ENV !== "production";

  const store = await openStore(env.dataDir);
  stops.add("store", () => store.destroy());
  const secret = env.secret ?? keptSecret(env.dataDir);

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  const port = await listen(server, env.host, env.port);
  const publicUrl = env.publicUrl ?? urlOf(env.host, port);
  // next-auth redirects to port 3000 when nobody tells it the address.
  variables.NEXTAUTH_URL ??= publicUrl;

  let open: (listener: RequestListener) => void = () => undefined;
  const opened = new Promise<RequestListener>((resolve) => {
    open = resolve;
  });
  server.on("request", (request, response) => {
    void opened.then((listener) => listener(request, response));
  });
  stops.add("connections", closerOf(server));

  const version = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string })
    .version;
  setRuntime(
    await wire({
      env,
      store,
      logger,
      server,
      port,
      publicUrl,
      secret,
      version,
      stops,
      stopping: () => stopping,
    }),
  );

  const app = next({ dev, dir: root, hostname: env.host, port, httpServer: server });
  await app.prepare();
  stops.add("pages", () => app.close());
  const address = { host: env.host, port, publicUrl };
  open(
    createListener({
      handle: app.getRequestHandler(),
      allowedHosts: allowedHosts(address),
      https: publicUrl.startsWith("https:"),
      behindProxy: env.publicUrl !== null,
      dev,
      logger,
    }),
  );

  stops.add("port", () => stopAccepting(server));

  // Last, so that a password that was made up is told as soon as it is kept.
  const generatedPassword = await ensureAdmin(store, createAudit(store), {
    name: env.adminUser,
    password: env.adminPassword,
  });
  announceReady({
    type: "ready",
    port,
    url: publicUrl,
    adminUser: env.adminUser,
    generatedPassword,
    dataDir: env.dataDir,
  });
}
