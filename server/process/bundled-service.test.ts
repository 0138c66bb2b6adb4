import { expect, test } from "vitest";
import { bundledService } from "./bundled-service.mjs";
import { readyText } from "./ready-text.mjs";

const consoleReady = { url: "http://localhost:3000", dataDir: "/data", adminUser: "admin" };

test("a bundled service that speaks TLS is reached by it, and the terminal says what that takes", () => {
  const { member } = bundledService({}, "/data");
  const plain = member({ websocketPort: 1, adminPort: 2, tls: false });
  expect(plain).toMatchObject({ wsUrl: "ws://127.0.0.1:1", adminUrl: "http://127.0.0.1:2" });
  expect(readyText(consoleReady, plain)).not.toContain("NODE_EXTRA_CA_CERTS");
  const secure = member({ websocketPort: 1, adminPort: 2, tls: true });
  expect(secure).toMatchObject({ wsUrl: "wss://127.0.0.1:1", adminUrl: "https://127.0.0.1:2" });
  expect(readyText(consoleReady, secure)).toMatch(/has to name 127\.0\.0\.1.*NODE_EXTRA_CA_CERTS/);
});

test("certificate files are named from where the command was typed", () => {
  const env = { WEBSOCKET_TLS_CERT_FILE: "own.pem", WEBSOCKET_TLS_KEY_FILE: "own.key" };
  expect(bundledService(env, "/data").env).toMatchObject({
    WEBSOCKET_TLS_CERT_FILE: `${process.cwd()}/own.pem`,
    WEBSOCKET_TLS_KEY_FILE: `${process.cwd()}/own.key`,
  });
});
