import type { Server } from "node:http";
import { Server as SocketServer } from "socket.io";
import type { Logger } from "../process/logger";
import { createActions } from "./actions/actions";
import { createAudit } from "./audit/audit";
import { createAuth } from "./auth/create-auth";
import { createRefusals } from "./auth/refusals";
import type { ConsoleEnv } from "./env";
import { createFleet } from "./fleet/create-fleet";
import { allowedOrigins } from "./http/allowed-hosts";
import { createIncidents } from "./incidents/incidents";
import { attachLive, type LiveServer, liveServerOptions } from "./live/gateway";
import type { Actions, Runtime } from "./runtime";
import { createLinks } from "./snapshots/links";
import { createSnapshots } from "./snapshots/snapshots";
import type { StopList } from "./stop-list";
import type { Store } from "./storage/database";

export interface Parts {
  env: ConsoleEnv;
  store: Store;
  logger: Logger;
  server: Server;
  port: number;
  publicUrl: string;
  secret: string;
  version: string;
  stopping: () => boolean;
  stops: StopList;
}

/** Builds the whole back end once and starts it; whatever must be stopped again is on `stops`. */
export async function wire(parts: Parts): Promise<Runtime> {
  const { env, store: db, logger, port, publicUrl, secret, stops } = parts;
  const now = Date.now;
  const audit = createAudit(db, now);
  const auth = createAuth({ store: db, audit, logger, secret, port, publicUrl });
  const incidents = createIncidents({ db, audit, logger, now });
  await incidents.refresh();

  // The fleet asks for markers, actions ask for servers: the fleet asks late.
  let actionsForMarkers: Pick<Actions, "markers"> = { markers: () => [] };
  const fleet = createFleet({
    pollIntervalMs: env.pollIntervalMs,
    fleetFile: env.fleetFile,
    bundledMember: env.bundledMember,
    fleetName: env.fleetName,
    environment: env.environment,
    logger,
    actions: { markers: (fromMs) => actionsForMarkers.markers(fromMs) },
    incidents,
  });
  const actions = createActions({ db, audit, fleet, logger, now });
  actionsForMarkers = actions;
  const snapshots = createSnapshots({ db, audit, fleet, actions, incidents, logger, now });
  const links = createLinks({ db, audit, fleet, incidents, logger, now, publicUrl });

  stops.add("fleet", () => fleet.stop());
  fleet.start();
  stops.add("actions", () => actions.stop());
  await actions.start();

  const io: LiveServer = new SocketServer(parts.server, liveServerOptions);
  const live = attachLive({
    io,
    fleet,
    auth,
    cookieName: auth.cookieName,
    secret,
    allowedOrigins: allowedOrigins({ host: env.host, port, publicUrl }),
    logger,
  });
  stops.add("live push", () => live.close());

  return {
    version: parts.version,
    startedAtMs: now(),
    publicUrl,
    fleetName: env.fleetName,
    environment: env.environment,
    logger,
    auth,
    refusals: createRefusals(audit),
    fleet,
    actions,
    snapshots,
    links,
    incidents,
    stopping: parts.stopping,
  };
}
