import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isCodedError } from "../../../lib/errors";
import { bundledRegistry, readRegistry } from "./registry";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "fleet.yaml");
  writeFileSync(path, text);
  return path;
}

function mistakeOf(path: string): { message: string; mistakes: unknown } {
  try {
    readRegistry(path);
  } catch (error) {
    if (isCodedError(error) && error.code === "INVALID_CONFIG") {
      return { message: error.message, mistakes: error.details.mistakes };
    }
    throw error;
  }
  throw new Error("the file was taken");
}

describe("the fleet file", () => {
  it("gives members with names, labels, regions and tokens", () => {
    writeFileSync(join(folder, "token"), "s3cret\n");
    const members = readRegistry(
      file(`servers:
  - id: ws-eu-1
    name: Frankfurt one
    labels: { region: eu-west, tier: 1 }
    admin_url: http://127.0.0.1:8080
    ws_url: ws://127.0.0.1:8765
    token_file: token
  - id: ws-us-1
    admin_url: https://us.example/admin
    token: other
`),
    );
    expect(members).toEqual([
      {
        id: "ws-eu-1",
        name: "Frankfurt one",
        labels: { region: "eu-west", tier: "1" },
        region: "eu-west",
        adminUrl: "http://127.0.0.1:8080",
        wsUrl: "ws://127.0.0.1:8765",
        token: "s3cret",
      },
      {
        id: "ws-us-1",
        name: "ws-us-1",
        labels: {},
        region: "other",
        adminUrl: "https://us.example/admin",
        wsUrl: null,
        token: "other",
      },
    ]);
  });

  const good = "servers:\n  - id: a\n    admin_url: http://127.0.0.1:1\n";
  it.each([
    ["broken YAML", "servers:\n  - id: [a\n", /^.*fleet\.yaml:\d+: /],
    ["no servers", "servers: []\n", /fleet\.yaml:1: servers: /],
    ["an empty file", "", /fleet\.yaml/],
    ["an unknown key", `${good}    admin: yes\n`, /fleet\.yaml:2: servers\[0\]: .*admin/],
    ["a missing URL", "servers:\n  - id: a\n", /fleet\.yaml:2: servers\[0\]\.admin_url: /],
    [
      "another scheme",
      "servers:\n  - id: a\n    admin_url: file:///etc/passwd\n",
      /:3: servers\[0\]\.admin_url: expected a URL/,
    ],
    [
      "a password in the URL",
      "servers:\n  - id: a\n    admin_url: http://u:p@h\n",
      /:3: servers\[0\]\.admin_url: /,
    ],
    [
      "a query in the URL",
      "servers:\n  - id: a\n    admin_url: http://h/?x=1\n",
      /:3: servers\[0\]\.admin_url: /,
    ],
    [
      "an id with a slash",
      "servers:\n  - id: a/b\n    admin_url: http://h\n",
      /:2: servers\[0\]\.id: expected letters/,
    ],
    [
      "an id listed twice",
      `${good}  - id: a\n    admin_url: http://h\n`,
      /:4: servers\[1\]\.id: a is listed twice/,
    ],
    [
      "two tokens",
      `${good}    token: x\n    token_file: y\n`,
      /:5: servers\[0\]\.token_file: expected token or/,
    ],
    [
      "a token file that is missing",
      `${good}    token_file: missing\n`,
      /:4: servers\[0\]\.token_file: .*ENOENT/,
    ],
    ["a region with a comma", `${good}    labels: { region: "a,b" }\n`, /:4: servers\[0\]\.labels\.region: /],
  ])("refuses %s in one line that names the place", (_, text, expected) => {
    const { message } = mistakeOf(file(text));
    expect(message).toMatch(expected);
    expect(message).not.toContain("\n");
  });

  it("names every mistake, and a file that is not there", () => {
    const { message, mistakes } = mistakeOf(file("servers:\n  - id: a\n    admin_url: x\n    ws_url: y\n"));
    expect(message).toContain("(and 1 more)");
    expect(mistakes).toMatchObject([
      { line: 3, key: "servers[0].admin_url" },
      { line: 4, key: "servers[0].ws_url" },
    ]);
    expect(mistakeOf(join(folder, "none.yaml")).message).toMatch(/none\.yaml: can't be read \(ENOENT\)/);
  });
});

describe("without a fleet file", () => {
  it("the bundled service is the fleet", () => {
    const bundled = { id: "local", name: "local", adminUrl: "http://127.0.0.1:1", wsUrl: "ws://127.0.0.1:2" };
    expect(bundledRegistry(bundled)).toEqual([{ ...bundled, labels: {}, region: "other", token: null }]);
    expect(bundledRegistry(null)).toEqual([]);
  });
});
