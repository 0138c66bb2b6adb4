import type { Context } from "hono";
import type { serviceRoutes } from "../../../lib/contract/routes";
import type { OverrideResult, ReloadResult } from "../../../lib/contract/service-api";
import { knownKey } from "../config/overrides";
import type { ServiceContext } from "../context";
import type { Handler } from "./handler";
import { requestedBy } from "./requested-by";

type Routes = typeof serviceRoutes;

const defaultLevelSeconds = 3_600;

export const config: Handler<Routes["config"]> = ({ service }) => {
  service.configControl.expireOverrides();
  return service.config.running();
};

export const effectiveConfig: Handler<Routes["effectiveConfig"]> = ({ service }) => {
  service.configControl.expireOverrides();
  return service.config.effective();
};

export const reloadConfig: Handler<Routes["reloadConfig"]> = async ({ service, body, http }) => {
  const dryRun = body?.dry_run === true;
  const result = await service.configControl.reload(dryRun, requestedBy(http));
  // A renewed certificate does not wait for a mistake in the configuration to be put right.
  if (!dryRun) service.tls?.reload(requestedBy(http));
  return answerReload(http, result);
};

export const setConfigOverride: Handler<Routes["setConfigOverride"]> = async ({
  service,
  params,
  body,
  http,
}) => {
  const { value, ttl_seconds: ttlSeconds, reason } = body;
  await service.configControl.setOverride(params.key, { value, ttlSeconds, reason, by: requestedBy(http) });
  return overrideResult(service, params.key);
};

export const removeConfigOverride: Handler<Routes["removeConfigOverride"]> = async ({
  service,
  params,
  http,
}) => {
  await service.configControl.removeOverride(params.key, requestedBy(http));
  return overrideResult(service, params.key);
};

export const setLogLevel: Handler<Routes["setLogLevel"]> = async ({ service, body, http }) => {
  const { level, ttl_seconds: ttlSeconds = defaultLevelSeconds, reason = "PUT /admin/log-level" } = body;
  const order = { value: level, ttlSeconds, reason, by: requestedBy(http) };
  await service.configControl.setOverride("logging.level", order);
  return overrideResult(service, "logging.level");
};

export const configHistory: Handler<Routes["configHistory"]> = ({ service }) =>
  service.configControl.history();

export const rollBackConfig: Handler<Routes["rollBackConfig"]> = async ({ service, body, http }) =>
  answerReload(http, await service.configControl.rollBack(body.id, body.dry_run === true, requestedBy(http)));

function answerReload(http: Context, result: ReloadResult): ReloadResult | Response {
  return result.valid ? result : http.json(result, 422);
}

/** The key as it is now. */
function overrideResult(service: ServiceContext, name: string): OverrideResult {
  const key = knownKey(name);
  const { value, winner, override } = service.config.describe(key);
  return { key, value, winner, override };
}
