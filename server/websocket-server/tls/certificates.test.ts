import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeWith } from "../../testing/describe-with";
import { until } from "../../testing/until";
import { Certificates } from "./certificates";
import { judgeCertificate } from "./judge-certificate";
import { readPair } from "./pair";
import { PairOnDisk, TestAuthority } from "./test-authority";

const dayMs = 86_400_000;

describeWith(["openssl"], "a certificate's files", () => {
  let folder: string;
  let authority: TestAuthority;
  let certificates: Certificates;
  let lines: string[];
  let nowMs: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "websocket-server-tls-"));
    authority = new TestAuthority(folder);
    lines = [];
    nowMs = Date.now();
  });
  afterEach(() => {
    certificates?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(files: PairOnDisk): Certificates {
    const log = (level: string) => (message: string, fields: object | undefined) => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
    const logger = {
      debug: log("DEBUG"),
      info: log("INFO"),
      warn: log("WARN"),
      error: log("ERROR"),
      critical: log("CRITICAL"),
    };
    const pair = readPair(files);
    const options = { files, minVersion: "TLSv1.2", logger, pair, pollMs: 5, nowMs: () => nowMs } as const;
    certificates = new Certificates(options);
    certificates.start();
    return certificates;
  }

  const moreLooks = async (count: number) => {
    const from = certificates.looks;
    await until(`${count} more looks`, () => certificates.looks >= from + count);
  };

  test("one error a kind of trouble, however long it lasts, and a word when it is over", async () => {
    const issued = authority.issue();
    const files = new PairOnDisk(folder, issued);
    open(files);
    files.write({ ...issued, key: authority.issue().key });
    await until("it is refused", () => certificates.state().refused !== null);
    await moreLooks(5);
    expect(lines.filter((line) => line.startsWith("ERROR"))).toHaveLength(1);
    writeFileSync(files.certFile, "");
    await until("another reason", () => certificates.state().refused?.includes("no certificate"));
    await moreLooks(5);
    expect(lines.filter((line) => line.startsWith("ERROR"))).toHaveLength(2);
    files.write(issued);
    await until("it is over", () => certificates.state().refused === null);
    expect(lines.at(-1)).toMatch(/^INFO certificate files hold again what is served/);
    expect(certificates.served.key).toBe(issued.key);
  });

  test("a certificate that is not valid yet comes into force when it is", async () => {
    const first = authority.issue();
    const files = new PairOnDisk(folder, first);
    open(files);
    const next = authority.issue({ notBeforeMs: nowMs + dayMs });
    files.write(next);
    await until("it is refused", () => certificates.state().refused?.includes("not valid before"));
    expect(certificates.served.cert).toBe(first.cert);
    nowMs += dayMs + 1_000;
    await until("it is served", () => certificates.served.cert === next.cert);
    expect(certificates.state().refused).toBeNull();
  });

  test("the log says when a certificate begins to end, once", async () => {
    open(new PairOnDisk(folder, authority.issue({ notAfterMs: nowMs + 15 * dayMs })));
    await moreLooks(2);
    expect(lines).toEqual([]);
    nowMs += 2 * dayMs;
    await moreLooks(3);
    nowMs += 14 * dayMs;
    await moreLooks(3);
    expect(lines.map((line) => line.split(" ", 2).join(" "))).toEqual([
      "WARN certificate",
      "ERROR certificate",
    ]);
  });
});

test("an intermediate certificate that ends first warns, and fails nothing", () => {
  const tls = { not_before_ms: 0, not_after_ms: 100 * dayMs, chain_not_after_ms: 20 * dayMs, refused: null };
  expect(judgeCertificate(tls, dayMs).status).toBe("pass");
  expect(judgeCertificate(tls, 10 * dayMs)).toMatchObject({
    status: "warn",
    message: expect.stringContaining("an intermediate certificate expires in 10.0 days"),
  });
  expect(judgeCertificate(tls, 21 * dayMs).status).toBe("warn");
  expect(judgeCertificate(tls, 101 * dayMs).status).toBe("fail");
  expect(judgeCertificate({ ...tls, not_before_ms: 2 * dayMs }, dayMs).status).toBe("fail");
});
