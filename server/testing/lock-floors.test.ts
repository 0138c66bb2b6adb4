import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The first versions without a known hole that concerns this project. */
const floors = {
  next: "16.2.6",
  "next-auth": "4.24.15",
  ws: "8.21.1",
  "engine.io": "6.6.10",
  "socket.io-parser": "4.2.7",
  undici: "7.28.0",
};

const root = new URL("../../", import.meta.url);
const readJson = (file: string) => JSON.parse(readFileSync(new URL(file, root), "utf8"));
const packages = readJson("package-lock.json").packages as Record<
  string,
  { version?: string; optionalDependencies?: Record<string, string> }
>;
const locked: [path: string, version: string][] = Object.entries(packages).map(([path, { version }]) => [
  path,
  version ?? "",
]);

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((text) => text.split("-")[0]?.split(".").map(Number) ?? []);
  for (let i = 0; i < 3; i += 1) {
    const difference = (have?.[i] ?? 0) - (want?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  // a pre-release comes before its release
  return !version.includes("-");
}

test.each(Object.entries(floors))("every locked %s is at least %s", (name, floor) => {
  const copies = locked.filter(([path]) => path.endsWith(`node_modules/${name}`));
  expect(copies.length).toBeGreaterThan(0);
  for (const [path, version] of copies) {
    expect(isAtLeast(version, floor), `${path} is locked to ${version}, ${floor} is needed`).toBe(true);
  }
});

test.each([
  ["16.2.5", false],
  ["16.2.6", true],
  ["16.10.0", true],
  ["17.0.0", true],
  ["16.2.6-canary.1", false],
])("version %s against the floor 16.2.6: %s", (version, expected) => {
  expect(isAtLeast(version, "16.2.6")).toBe(expected);
});

test("the lock file names the optional packages of every platform, without which npm ci refuses to run", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

test("package.json pins exact versions", () => {
  const { dependencies, devDependencies } = readJson("package.json");
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)),
  );
  expect(loose).toEqual([]);
});

test("npm scripts become the program they start, so that signals reach it", () => {
  const { scripts } = readJson("package.json");
  for (const [name, command] of Object.entries(scripts)) {
    expect(command, name).toMatch(/^exec \S+( [\w./:-]+)*$/);
  }
});
