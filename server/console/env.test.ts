import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readEnv, urlOf } from "./env";
import { StartupError } from "./startup-error";

const root = "/srv/wirewatch";
const mistakeOf = (env: Record<string, string>): StartupError => {
  try {
    readEnv(env, root);
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error("it was taken as right");
};

test("has a default for everything", () => {
  expect(readEnv({}, root)).toEqual({
    port: 3000,
    host: "127.0.0.1",
    publicUrl: null,
    dataDir: resolve(root, "data"),
    fleetFile: null,
    bundledMember: {
      id: "local",
      name: "websocket-server",
      adminUrl: "http://127.0.0.1:8080",
      wsUrl: "ws://127.0.0.1:8765",
      token: undefined,
    },
    adminUser: "admin",
    adminPassword: null,
    secret: null,
    pollIntervalMs: 1_000,
    fleetName: "Fleet",
    environment: "local",
  });
});

test("takes an empty variable as unset", () => {
  expect(readEnv({ PORT: "", WIREWATCH_FLEET: "", WIREWATCH_ADMIN_PASSWORD: "" }, root)).toEqual(
    readEnv({}, root),
  );
});

test("reads what is set", () => {
  const env = readEnv(
    {
      PORT: "0",
      HOST: "::",
      WIREWATCH_PUBLIC_URL: "https://ops.example.com/",
      WIREWATCH_DATA_DIR: "/var/lib/wirewatch",
      WIREWATCH_FLEET: "/etc/fleet.yaml",
      WIREWATCH_ADMIN_USER: "王伟",
      WIREWATCH_POLL_INTERVAL_MS: "500",
      WIREWATCH_BUNDLED_MEMBER:
        '{"id":"a","name":"b","adminUrl":"http://h:1","wsUrl":"ws://h:2","token":null}',
    },
    root,
  );
  expect(env).toMatchObject({
    port: 0,
    publicUrl: "https://ops.example.com",
    dataDir: "/var/lib/wirewatch",
    fleetFile: "/etc/fleet.yaml",
    adminUser: "王伟",
    pollIntervalMs: 500,
    bundledMember: { id: "a", adminUrl: "http://h:1", token: undefined },
  });
});

test.each([
  ["PORT", "80a"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["HOST", "http://x"],
  ["WIREWATCH_PUBLIC_URL", "ops.example.com"],
  ["WIREWATCH_PUBLIC_URL", "ftp://ops.example.com"],
  ["WIREWATCH_PUBLIC_URL", "https://ops.example.com/wirewatch"],
  ["WIREWATCH_PUBLIC_URL", "https://user:pass@ops.example.com"],
  ["WIREWATCH_ADMIN_USER", "two words"],
  ["WIREWATCH_POLL_INTERVAL_MS", "1s"],
  ["WIREWATCH_POLL_INTERVAL_MS", "10"],
  ["WIREWATCH_ENVIRONMENT", "x".repeat(61)],
  ["WEBSOCKET_ADMIN_PORT", "0"],
])("names %s and what it should be when it is %j", (variable, text) => {
  const mistake = mistakeOf({ [variable]: text });
  expect(mistake.exitCode).toBe(78);
  expect(mistake.message).toMatch(new RegExp(`^${variable} has to be .+, not "`));
  expect(mistake.message).not.toContain("\n");
});

test("tells all mistakes at once, and no secret", () => {
  const { message } = mistakeOf({
    PORT: "x",
    NEXTAUTH_SECRET: "short-one",
    WIREWATCH_ADMIN_PASSWORD: "p".repeat(201),
    WIREWATCH_BUNDLED_MEMBER: "{",
  });
  expect(message.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "PORT",
    "WIREWATCH_BUNDLED_MEMBER",
    "WIREWATCH_ADMIN_PASSWORD",
    "NEXTAUTH_SECRET",
  ]);
  expect(message).not.toContain("short-one");
  expect(message).not.toContain("ppp");
});

test.each([
  ["127.0.0.1", "http://localhost:3000"],
  ["::1", "http://localhost:3000"],
  ["127.0.0.3", "http://127.0.0.3:3000"],
  ["0.0.0.0", "http://localhost:3000"],
  ["10.0.0.5", "http://10.0.0.5:3000"],
  ["fd00::5", "http://[fd00::5]:3000"],
])("a console on %s is opened at %s", (host, url) => {
  expect(urlOf(host, 3000)).toBe(url);
});

test("a bundled service with a certificate is reached by TLS", () => {
  expect(readEnv({ WEBSOCKET_TLS_CERT_FILE: "/etc/ssl/own.pem" }, root).bundledMember).toMatchObject({
    adminUrl: "https://127.0.0.1:8080",
    wsUrl: "wss://127.0.0.1:8765",
  });
});
