import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project.mjs";
import { pathSetting, portSetting } from "./settings.mjs";

const anyAddress = new Set(["0.0.0.0", "::", "*"]);

/** What the launcher reads of the bundled service's own settings, to check ports and to find it afterwards. */
export function bundledService(env, dataDir) {
  const host = env.WEBSOCKET_HOST || "127.0.0.1";
  const adminHost = env.WEBSOCKET_ADMIN_HOST || "127.0.0.1";
  const fileDecides = Boolean(env.WEBSOCKET_CONFIG) || hasDefaultFile();
  const wanted = [
    { variable: "WEBSOCKET_PORT", host, port: portSetting(env, "WEBSOCKET_PORT", 8765) },
    {
      variable: "WEBSOCKET_ADMIN_PORT",
      host: adminHost,
      port: portSetting(env, "WEBSOCKET_ADMIN_PORT", 8080),
    },
  ];
  return {
    // a port that a configuration file may set is the service's own to check
    ports: wanted.filter(({ variable }) => env[variable] || !fileDecides),
    env: {
      ...env,
      ...pathSetting(env, "WEBSOCKET_CONFIG"),
      ...pathSetting(env, "LOG_FILE"),
      ...pathSetting(env, "WEBSOCKET_TLS_CERT_FILE"),
      ...pathSetting(env, "WEBSOCKET_TLS_KEY_FILE"),
      ...(env.WIREWATCH_DATA_DIR && !env.WEBSOCKET_DATA_DIR
        ? { WEBSOCKET_DATA_DIR: join(dataDir, "websocket-server") }
        : {}),
    },
    /** The fleet entry of the service that has sent `ready`. */
    member: (ready) => ({
      id: "local",
      name: "websocket-server",
      adminUrl: `${ready.tls ? "https" : "http"}://${reachable(ready.adminHost ?? adminHost)}:${ready.adminPort}`,
      wsUrl: `${ready.tls ? "wss" : "ws"}://${reachable(ready.websocketHost ?? host)}:${ready.websocketPort}`,
      token: ready.adminToken ?? env.WEBSOCKET_ADMIN_TOKEN ?? null,
    }),
  };
}

function hasDefaultFile() {
  const names = ["config/websocket_config.yaml", "config/websocket_config.json"];
  return names.some((name) => existsSync(join(projectRoot, name)));
}

/** The address to reach a listener at; one on every address is reached over loopback. */
function reachable(host) {
  if (anyAddress.has(host)) return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
