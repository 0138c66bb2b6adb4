import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { consoleEnv, consolePort, runAll, say, warn, withPasswordSource } from "../process/launch.mjs";
import { freePorts, requireFreePorts } from "../process/ports.mjs";
import { superviseConsole, superviseService } from "../process/programs.mjs";
import { bundlePath, projectRoot } from "../process/project.mjs";
import { readyText } from "../process/ready-text.mjs";
import { dataDirSetting } from "../process/settings.mjs";
import { supervise } from "../process/supervise.mjs";
import { demoFleet } from "./fleet.mjs";

const shortNames = ["MAX_CONNECTIONS", "HEARTBEAT_INTERVAL", "PING_TIMEOUT", "LOG_LEVEL", "LOG_FILE"];

/** `npm run demo`: three services on free ports, the console over them, and simulated clients. */
export async function launchDemo(signal, env = process.env) {
  const dataDir = join(dataDirSetting(env), "demo");
  await requireFreePorts([consolePort(env)]);
  // chosen here rather than by the services: one that is started again has to be found where it was
  const ports = await freePorts(demoFleet.length * 2);
  const servers = demoFleet.map((member, index) => ({
    ...member,
    port: ports[index * 2],
    adminPort: ports[index * 2 + 1],
  }));
  const fleetFile = writeFleetFile(dataDir, servers);

  await runAll(signal, async (add) => {
    const services = servers.map((server) =>
      add(() => superviseService({ name: server.id, env: serviceEnv(env, dataDir, server), say: warn })),
    );
    await Promise.all(services.map((service) => service.ready));
    const console = add(() => superviseConsole({ env: demoConsoleEnv(env, dataDir, fleetFile), say: warn }));
    const clients = add(() => superviseClients(env, servers));
    await clients.ready;
    say(readyText(withPasswordSource(await console.ready, env), null));
  });
}

function writeFleetFile(dataDir, servers) {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, "fleet.yaml");
  const entries = servers.map(({ id, labels, port, adminPort }) => ({
    id,
    labels,
    admin_url: `http://127.0.0.1:${adminPort}`,
    ws_url: `ws://127.0.0.1:${port}`,
  }));
  writeFileSync(file, stringify({ servers: entries }));
  return file;
}

/** Nothing of the environment's own service settings: they are meant for one service, not for three. */
function withoutServiceSettings(env) {
  const kept = Object.entries(env).filter(
    ([variable]) => !variable.startsWith("WEBSOCKET_") && !shortNames.includes(variable),
  );
  return Object.fromEntries(kept);
}

function serviceEnv(env, dataDir, server) {
  const own = join(dataDir, server.id);
  mkdirSync(own, { recursive: true });
  // an empty file of its own, so that a file in config/ does not shape the demo
  const config = join(own, "websocket_config.yaml");
  writeFileSync(config, "");
  return {
    ...withoutServiceSettings(env),
    WEBSOCKET_CONFIG: config,
    WEBSOCKET_SERVER_ID: server.id,
    WEBSOCKET_PORT: String(server.port),
    WEBSOCKET_ADMIN_PORT: String(server.adminPort),
    WEBSOCKET_DATA_DIR: own,
    WEBSOCKET_SHUTDOWN_TIMEOUT: "5",
    LOG_FILE: join(own, "websocket-server.log"),
    ...server.env,
  };
}

function demoConsoleEnv(env, dataDir, fleetFile) {
  return {
    ...consoleEnv(withoutServiceSettings(env), dataDir, null),
    WIREWATCH_FLEET: fleetFile,
    WIREWATCH_FLEET_NAME: env.WIREWATCH_FLEET_NAME || "Demo fleet",
    WIREWATCH_ENVIRONMENT: env.WIREWATCH_ENVIRONMENT || "demo",
  };
}

function superviseClients(env, servers) {
  const visits = servers.map(({ port, clients }) => ({ url: `ws://127.0.0.1:${port}`, ...clients }));
  return supervise({
    name: "simulated clients",
    script: bundlePath("demo"),
    env: { ...env, WIREWATCH_DEMO_VISITS: JSON.stringify(visits) },
    cwd: projectRoot,
    say: warn,
    onLine: warn,
    stopTimeoutMs: 3000,
  });
}
