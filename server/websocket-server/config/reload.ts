import type { ReloadResult } from "../../../lib/contract/service-api";
import type { Logger } from "../../process/logger";
import { formatMistake } from "./mistake";
import type { ConfigStore } from "./store";

/** Reloads and leaves in the log what came of it. */
export function reloadAndLog(config: ConfigStore, logger: Logger, dryRun: boolean): ReloadResult {
  const result = config.reload(dryRun);
  if (dryRun) return result;
  for (const mistake of result.mistakes) {
    logger.error("config refused", { mistake: formatMistake(mistake) });
  }
  if (result.valid) {
    logger.info("config reloaded", {
      applied: result.applied.join(","),
      needs_restart: result.needs_restart.join(","),
    });
  }
  return result;
}
