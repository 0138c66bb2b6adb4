import type { Server } from "node:http";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { ErrorBody } from "../../../lib/contract/service-api";
import type { ServiceContext } from "../context";
import { watchTlsHandshakes } from "../tls/handshake-errors";
import { createHttpServer } from "../tls/served-tls";
import { createAdminApp } from "./app";

/** The HTTP listener of the admin port; not yet listening. */
export function createAdminServer(service: ServiceContext): Server {
  const listener = getRequestListener(createAdminApp(service).fetch, {
    overrideGlobalObjects: false,
    errorHandler(error) {
      // What never became a request, as with a Host header that is no host.
      const bad = error instanceof RequestError;
      if (!bad) service.logger.error("admin request failed", { error: String(error) });
      const body: ErrorBody = {
        error: bad
          ? { code: "BAD_REQUEST", message: error.message }
          : { code: "INTERNAL", message: "internal error" },
      };
      return Response.json(body, { status: bad ? 400 : 500 });
    },
  });
  const handshakeTimeoutMs = service.settings()["connections.handshake_timeout"] * 1_000;
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, handshakeTimeoutMs };
  const server = createHttpServer(limits, service.tls?.served ?? null, (request, response) => {
    void listener(request, response);
  });
  watchTlsHandshakes(server, "admin", service.logger, () => {});
  return server;
}
