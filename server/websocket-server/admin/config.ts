import type { serviceRoutes } from "../../../lib/contract/routes";
import { reloadAndLog } from "../config/reload";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const config: Handler<Routes["config"]> = ({ service }) => service.config.running();

export const effectiveConfig: Handler<Routes["effectiveConfig"]> = ({ service }) =>
  service.config.effective();

export const reloadConfig: Handler<Routes["reloadConfig"]> = ({ service, body, http }) => {
  const result = reloadAndLog(service.config, service.logger, body?.dry_run === true);
  return result.valid ? result : http.json(result, 422);
};
