import type { serviceRoutes } from "../../../lib/contract/routes";
import { cache, flushCache } from "./cache";
import { cleanupConnections } from "./cleanup";
import {
  config,
  configHistory,
  effectiveConfig,
  reloadConfig,
  removeConfigOverride,
  rollBackConfig,
  setConfigOverride,
  setLogLevel,
} from "./config";
import { closeConnection, connection } from "./connection";
import { closedConnections, connections, connectionsByIp } from "./connections";
import { datasourceStatus, restartDatasource } from "./datasources";
import { drain, undrain } from "./drain";
import type { Handler } from "./handler";
import { health } from "./health";
import { heapSnapshot, heapSnapshots, removeHeapSnapshot, writeHeapSnapshot } from "./heap-snapshots";
import { host } from "./host";
import { job, stopJob } from "./jobs";
import { logStream, logs, rotateLogs } from "./logs";
import { metrics } from "./metrics";
import { forceGc, gcStats, threads } from "./process";
import { stats } from "./stats";
import { cleanupSubscriptions, subscriptions } from "./subscriptions";

type Routes = typeof serviceRoutes;

/** One handler a route of the contract; a route without one does not compile. */
export const handlers: { [Name in keyof Routes]: Handler<Routes[Name]> } = {
  health,
  stats,
  config,
  metrics,
  connections,
  connectionsByIp,
  closedConnections,
  cleanupConnections,
  subscriptions,
  cleanupSubscriptions,
  job,
  stopJob,
  connection,
  closeConnection,
  heapSnapshots,
  writeHeapSnapshot,
  heapSnapshot,
  removeHeapSnapshot,
  host,
  drain,
  undrain,
  gcStats,
  forceGc,
  threads,
  datasourceStatus,
  restartDatasource,
  cache,
  flushCache,
  effectiveConfig,
  reloadConfig,
  setConfigOverride,
  removeConfigOverride,
  setLogLevel,
  configHistory,
  rollBackConfig,
  logs,
  logStream,
  rotateLogs,
};
