import { resolve } from "node:path";
import { z } from "zod";
import { userNameSchema } from "./auth/user-name";
import { StartupError, wrongSettings } from "./startup-error";

export interface ConsoleEnv {
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** null: `urlOf` tells it once the port is known. */
  publicUrl: string | null;
  dataDir: string;
  fleetFile: string | null;
  /** The service that is watched when there is no fleet file. */
  bundledMember: BundledMember;
  adminUser: string;
  adminPassword: string | null;
  /** null: one is made and kept in the data folder. */
  secret: string | null;
  pollIntervalMs: number;
  fleetName: string;
  environment: string;
}

type BundledMember = { id: string; name: string; adminUrl: string; wsUrl: string; token?: string };

const port = (lowest: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((n) => n >= lowest && n <= 65_535);

const host = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/);

const originUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
});

const label = z.string().trim().min(1).max(60);

const bundledMember = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      id: z.string().min(1),
      name: z.string().min(1),
      adminUrl: z.url(),
      wsUrl: z.url(),
      token: z
        .string()
        .nullish()
        .transform((token) => token ?? undefined),
    }),
  );

/** Each variable with its shape and what a wrong value is told was expected. Empty means unset. */
const variables = {
  PORT: [port(0).default(3000), "a port number from 0 to 65535"],
  HOST: [host.default("127.0.0.1"), "an address or a host name to listen on"],
  WIREWATCH_PUBLIC_URL: [originUrl.optional(), "an http:// or https:// address without a path"],
  WIREWATCH_DATA_DIR: [z.string().optional(), "a folder"],
  WIREWATCH_FLEET: [z.string().optional(), "the path of a fleet file"],
  WIREWATCH_BUNDLED_MEMBER: [bundledMember.optional(), "JSON with id, name, adminUrl and wsUrl"],
  WIREWATCH_ADMIN_USER: [
    userNameSchema.default("admin"),
    "1 to 64 letters, digits or . _ @ + -, the first a letter or digit",
  ],
  WIREWATCH_ADMIN_PASSWORD: [z.string().max(200).optional(), "a password of at most 200 characters"],
  NEXTAUTH_SECRET: [z.string().min(16).optional(), "a secret of at least 16 characters"],
  WIREWATCH_POLL_INTERVAL_MS: [
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number)
      .refine((n) => n >= 200 && n <= 60_000)
      .default(1_000),
    "milliseconds from 200 to 60000",
  ],
  WIREWATCH_FLEET_NAME: [label.default("Fleet"), "a name of at most 60 characters"],
  WIREWATCH_ENVIRONMENT: [label.default("local"), "a name of at most 60 characters"],
  WEBSOCKET_HOST: [host.default("127.0.0.1"), "a host name or an address"],
  WEBSOCKET_PORT: [port(1).default(8765), "a port number from 1 to 65535"],
  WEBSOCKET_ADMIN_HOST: [host.default("127.0.0.1"), "a host name or an address"],
  WEBSOCKET_ADMIN_PORT: [port(1).default(8080), "a port number from 1 to 65535"],
  WEBSOCKET_TLS_CERT_FILE: [z.string().optional(), "the path of a certificate"],
  WEBSOCKET_ADMIN_TOKEN: [z.string().optional(), "a token"],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

type Variable = keyof typeof variables;
type Values = { [V in Variable]: z.output<(typeof variables)[V][0]> };

/** The variables whose wrong value must not be repeated on a terminal. */
const secret = new Set<Variable>(["WIREWATCH_ADMIN_PASSWORD", "NEXTAUTH_SECRET", "WEBSOCKET_ADMIN_TOKEN"]);
const notShown = new Set<Variable>([...secret, "WIREWATCH_BUNDLED_MEMBER"]);

/**
 * The console's settings. Throws StartupError with a line for each wrong variable. `projectRoot` is where the
 * data folder is by default.
 */
export function readEnv(env: Record<string, string | undefined>, projectRoot: string): ConsoleEnv {
  const mistakes: string[] = [];
  const values: Partial<Record<Variable, unknown>> = {};
  for (const variable of Object.keys(variables) as Variable[]) {
    const [schema, expected] = variables[variable];
    const text = env[variable] === "" ? undefined : env[variable];
    const parsed = schema.safeParse(text);
    if (parsed.success) values[variable] = parsed.data;
    else {
      const found = notShown.has(variable) ? "" : `, not ${JSON.stringify(text)}`;
      mistakes.push(`${variable} has to be ${expected}${found}`);
    }
  }
  if (mistakes.length > 0) throw new StartupError(mistakes.join("\n"), wrongSettings);
  return toConsoleEnv(values as Values, projectRoot);
}

function toConsoleEnv(v: Values, projectRoot: string): ConsoleEnv {
  // A service started with the same environment speaks TLS on both ports.
  const secure = v.WEBSOCKET_TLS_CERT_FILE ? "s" : "";
  return {
    port: v.PORT,
    host: v.HOST,
    publicUrl: v.WIREWATCH_PUBLIC_URL ? new URL(v.WIREWATCH_PUBLIC_URL).origin : null,
    dataDir: v.WIREWATCH_DATA_DIR ? resolve(v.WIREWATCH_DATA_DIR) : resolve(projectRoot, "data"),
    fleetFile: v.WIREWATCH_FLEET ? resolve(v.WIREWATCH_FLEET) : null,
    bundledMember: v.WIREWATCH_BUNDLED_MEMBER ?? {
      id: "local",
      name: "websocket-server",
      adminUrl: `http${secure}://${reachable(v.WEBSOCKET_ADMIN_HOST)}:${v.WEBSOCKET_ADMIN_PORT}`,
      wsUrl: `ws${secure}://${reachable(v.WEBSOCKET_HOST)}:${v.WEBSOCKET_PORT}`,
      token: v.WEBSOCKET_ADMIN_TOKEN,
    },
    adminUser: v.WIREWATCH_ADMIN_USER,
    adminPassword: v.WIREWATCH_ADMIN_PASSWORD ?? null,
    secret: v.NEXTAUTH_SECRET ?? null,
    pollIntervalMs: v.WIREWATCH_POLL_INTERVAL_MS,
    fleetName: v.WIREWATCH_FLEET_NAME,
    environment: v.WIREWATCH_ENVIRONMENT,
  };
}

/** Where people open a console that listens on `port`, when nobody set a public address. */
export function urlOf(host: string, port: number): string {
  const known = host === "127.0.0.1" || host === "::1" ? "localhost" : host;
  return `http://${reachable(known, "localhost")}:${port}`;
}

/** One who listens on every address is reached at `local`. */
function reachable(host: string, local = "127.0.0.1"): string {
  if (host === "0.0.0.0" || host === "::") return local;
  return host.includes(":") ? `[${host}]` : host;
}
