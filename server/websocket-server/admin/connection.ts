import type { serviceRoutes } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { cleanupCloseCode } from "../shards/close-zombies";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const connection: Handler<Routes["connection"]> = async ({ service, params }) => {
  const found = await Promise.all(service.shards().map((shard) => shard.connection(params.id)));
  return found.find((each) => each !== null) ?? unknownConnection(params.id);
};

export const closeConnection: Handler<Routes["closeConnection"]> = async ({ service, params, query }) => {
  const code = query.code ?? cleanupCloseCode;
  const reason = query.reason ?? "closed by an operator";
  const shards = service.shards();
  const closed = await Promise.all(shards.map((shard) => shard.closeConnection(params.id, code, reason)));
  if (!closed.includes(true)) return unknownConnection(params.id);
  return { id: params.id, code, reason };
};

function unknownConnection(id: string): never {
  throw new CodedError("UNKNOWN_CONNECTION", "no such connection is open", { id });
}
