import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstallByApt, installByApt } from "./apt-install.mjs";

const terminalPrograms = ["bash", "curl", "jq", "ps", "pgrep", "ss"];

/** The programs that tests run for real: where they are, and what to install where they are not. */
const servers = {
  redis: { find: findRedis, packages: ["redis-server"], advice: "install Redis or Valkey" },
  openssl: { find: () => findProgram("openssl"), packages: ["openssl"], advice: "install OpenSSL" },
  postgres: { find: findPostgres, packages: ["postgresql"], advice: "install PostgreSQL" },
  "operator's tools": {
    find: () => (terminalPrograms.every((name) => findProgram(name) !== null) ? terminalPrograms : null),
    packages: ["bash", "curl", "jq", "procps", "iproute2"],
    advice: `install ${terminalPrograms.join(", ")}`,
  },
};

/** Absolute path of a redis-server or valkey-server, null when there is none. */
export function findRedis() {
  return findProgram("redis-server") ?? findProgram("valkey-server");
}

/** Absolute path of a program that a shell would find, null when there is none. */
export function findProgram(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The folder with PostgreSQL's `initdb` and `postgres`, the newest version first; null when there is none. */
export function findPostgres() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  const complete = (folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name)));
  return folders.find(complete) ?? null;
}

/** What to do about a server that is missing, as text; null when it is there. */
export function missingServer(name) {
  if (servers[name].find() !== null) return null;
  return `no ${name}: ${servers[name].advice} (Debian: apt-get install ${servers[name].packages.join(" ")})`;
}

/** Installs the servers that are missing where that can be done, and says what to install where it can't. */
export async function ensureServers({ say, signal }) {
  const missing = Object.keys(servers).filter((name) => missingServer(name) !== null);
  if (missing.length === 0) return;
  if (canInstallByApt()) {
    const packages = missing.flatMap((name) => servers[name].packages);
    say(`${missing.join(", ")}: missing, installing ${packages.join(", ")}`);
    const output = await installByApt(packages, signal);
    if (missing.some((name) => missingServer(name) !== null)) {
      say(output.trim().split("\n").slice(-5).join("\n"));
    }
  }
  for (const name of missing) {
    const text = missingServer(name);
    if (text !== null) say(text);
  }
}
