import type { serviceRoutes } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { askAll } from "../shards/ask-all";
import { cleanupCloseCode } from "../shards/close-zombies";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const connection: Handler<Routes["connection"]> = async ({ service, params }) => {
  const { answers, missing } = await askAll(service.shards(), (shard) => shard.connection(params.id));
  return answers.find(({ answer }) => answer !== null)?.answer ?? notFound(params.id, missing);
};

export const closeConnection: Handler<Routes["closeConnection"]> = async ({ service, params, query }) => {
  const code = query.code ?? cleanupCloseCode;
  const reason = query.reason ?? "closed by an operator";
  const { answers, missing } = await askAll(service.shards(), (shard) =>
    shard.closeConnection(params.id, code, reason),
  );
  if (!answers.some(({ answer }) => answer)) return notFound(params.id, missing);
  return { id: params.id, code, reason };
};

/** A worker that can't be asked may be the one that holds it. */
function notFound(id: string, missing: readonly string[]): never {
  if (missing.length > 0) {
    const names = missing.join(", ");
    throw new CodedError("WORKER_UNAVAILABLE", `${names} may hold it and can't be asked`, { id, missing });
  }
  throw new CodedError("UNKNOWN_CONNECTION", "no such connection is open", { id });
}
