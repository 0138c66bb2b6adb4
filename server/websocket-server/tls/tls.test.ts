import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { Agent, fetch } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type Health,
  type Host,
  healthSchema,
  hostSchema,
  statsSchema,
} from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { findProgram } from "../../testing/servers.mjs";
import { until as untilNamed } from "../../testing/until";
import type { Environment } from "../config/environment";
import { startTestService, type TestService, until } from "../test-service";
import { type Issued, PairOnDisk, TestAuthority } from "./test-authority";

const dayMs = 86_400_000;

/** The log is written a moment after what it tells. */
function logged(service: TestService, what: RegExp | string): Promise<unknown> {
  return untilNamed(`a line with ${what}`, () =>
    typeof what === "string" ? service.logText().includes(what) : what.test(service.logText()),
  );
}

describeWith(["openssl"], "TLS", () => {
  let folder: string;
  let authority: TestAuthority;
  let agent: Agent;
  let service: TestService | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "websocket-server-tls-"));
    authority = new TestAuthority(folder);
    agent = new Agent({ connect: { ca: authority.ca } });
  });
  afterEach(async () => {
    await agent.destroy();
    await service?.end();
    service = null;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(issued: Issued, env: Environment = {}) {
    const files = new PairOnDisk(folder, issued);
    const started = await startTestService({ ...files.env, ...env });
    service = started;
    const get = async (path: string, init: Parameters<typeof fetch>[1] = {}) =>
      (await fetch(`https://localhost:${started.adminPort}${path}`, { ...init, dispatcher: agent })).json();
    return {
      files,
      started,
      get,
      reload: () => get("/admin/reload-config", { method: "POST" }),
      client: () => started.client({ socket: { ca: authority.ca } }),
      stats: async () => statsSchema.parse(await get("/stats")),
      host: async (): Promise<Host> => hostSchema.parse(await get("/admin/host")),
      check: async (): Promise<Health["checks"][number] | undefined> =>
        healthSchema.parse(await get("/health")).checks.find(({ name }) => name === "certificate"),
      servedSerial: (port = started.websocketPort) => serialAt(port),
    };
  }

  async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = connectTls({ port, host: "127.0.0.1", ca: authority.ca, ...options });
    await once(socket, "secureConnect");
    return socket;
  }

  async function serialAt(port: number): Promise<string> {
    const socket = await handshake(port);
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  test("both ports speak TLS with the certificate, and nothing else", async () => {
    const issued = authority.issue();
    const { client, get, check, started, servedSerial, stats, host } = await start(issued);
    expect(await servedSerial(started.websocketPort)).toBe(issued.serial);
    expect(await servedSerial(started.adminPort)).toBe(issued.serial);
    const connected = await client();
    expect((await connected.request({ op: "ping" })).ok).toBe(true);
    expect(await check()).toMatchObject({
      status: "pass",
      message: expect.stringMatching(/expires in (89\.9|90\.0) days/),
    });
    const [row] = (await get("/admin/connections")) as { id: string }[];
    expect(await get(`/admin/connections/${row?.id}`)).toMatchObject({ tls: true, remote_ip: "127.0.0.1" });

    for (const port of [started.websocketPort, started.adminPort]) {
      const plain = connectTcp(port, "127.0.0.1");
      plain.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      let got = "";
      plain.on("data", (chunk) => {
        got += chunk.toString("latin1");
      });
      plain.on("error", () => {});
      await once(plain, "close");
      expect(got).not.toContain("HTTP/1.1 200");
    }
    expect((await stats()).connections.refused_by_reason).toEqual({ TLS_HANDSHAKE: 1 });
    await logged(
      started,
      /connection refused reason=TLS_HANDSHAKE listener=websocket ip=127.0.0.1 error=ERR_SSL_HTTP_REQUEST/,
    );
    await logged(started, /reason=TLS_HANDSHAKE listener=admin/);
    expect(connected.connected).toBe(true);

    const { value } = (await host()).certificates;
    expect(value).toEqual([
      {
        file: join(folder, "server.pem"),
        subject: "O=Wirewatch, CN=test service",
        issuer: "CN=Test CA",
        names: ["localhost", "127.0.0.1"],
        not_before_ms: expect.any(Number),
        not_after_ms: expect.any(Number),
        days_left: expect.closeTo(90, 1),
        in_use: true,
      },
    ]);
    const metrics = await fetch(`https://127.0.0.1:${started.adminPort}/metrics`, { dispatcher: agent });
    expect(await metrics.text()).toContain(
      `\nwebsocket_certificate_expiry_seconds ${(value?.[0]?.not_after_ms ?? 0) / 1_000}\n`,
    );
  });

  test("a client that does not trust the certificate is counted", async () => {
    const { started, stats } = await start(authority.issue());
    // Node's own client ends without a word; others send the alert of RFC 8446, section 6.2.
    const args = ["s_client", "-connect", `127.0.0.1:${started.websocketPort}`, "-verify_return_error"];
    const client = spawn(findProgram("openssl") ?? "", args, { stdio: "ignore", timeout: 10_000 });
    expect((await once(client, "exit"))[0]).toBe(1);
    await until(async () => (await stats()).connections.refused_by_reason.TLS_HANDSHAKE === 1);
    await logged(started, "error=ERR_SSL_TLSV1_ALERT_UNKNOWN_CA");
  });

  test("a renewal drops none of 20 clients, and whoever comes after it gets the new certificate", async () => {
    const { client, files, started, servedSerial, reload, stats } = await start(authority.issue());
    const clients = await Promise.all(Array.from({ length: 20 }, client));
    const renewed = authority.issue();
    files.write(renewed);
    await reload();
    expect(await servedSerial(started.websocketPort)).toBe(renewed.serial);
    expect(await servedSerial(started.adminPort)).toBe(renewed.serial);
    for (const each of clients) expect((await each.request({ op: "ping" })).ok).toBe(true);
    const { opened_total, closed_total, active_connections } = (await stats()).connections;
    expect([opened_total, closed_total, active_connections]).toEqual([20, 0, 20]);
    await logged(started, `certificate renewed file=${files.certFile} serial=${renewed.serial}`);

    const again = authority.issue();
    files.write(again);
    started.reload();
    await until(async () => (await servedSerial()) === again.serial);
  });

  test("files that change are noticed without being told, also behind links", async () => {
    const first = authority.issue();
    const second = authority.issue();
    for (const [name, issued] of Object.entries({ one: first, two: second })) {
      mkdirSync(join(folder, name));
      new PairOnDisk(join(folder, name), issued);
    }
    symlinkSync("one", join(folder, "current"));
    const { servedSerial } = await start(first, {
      WEBSOCKET_TLS_CERT_FILE: join(folder, "current", "server.pem"),
      WEBSOCKET_TLS_KEY_FILE: join(folder, "current", "server.key"),
    });
    expect(await servedSerial()).toBe(first.serial);
    symlinkSync("two", join(folder, "next"));
    renameSync(join(folder, "next"), join(folder, "current"));
    await until(async () => (await servedSerial()) === second.serial);
  });

  const pem = (text: string) => text.trim().split("\n");
  const broken: [what: string, told: RegExp, spoil: (files: PairOnDisk, issued: Issued) => void][] = [
    [
      "another certificate's key",
      /is not the key of the first certificate/,
      (files, { cert }) => files.write({ cert, key: authority.issue().key }),
    ],
    [
      "a certificate cut in the middle",
      /is cut off/,
      (files, { cert, key }) => files.write({ cert: cert.slice(0, cert.length / 2), key }),
    ],
    [
      "a certificate that lacks a line",
      /certificate 1 in .* can't be read/,
      (files, { cert, key }) => files.write({ cert: pem(cert).toSpliced(3, 1).join("\n"), key }),
    ],
    [
      "a chain cut in the middle",
      /is cut off/,
      (files, { cert, key }) => files.write({ cert: cert + authority.ca.slice(0, 200), key }),
    ],
    ["an empty certificate", /holds no certificate/, (files, { key }) => files.write({ cert: "", key })],
    ["an empty key", /holds no private key/, (files, { cert }) => files.write({ cert, key: "" })],
    [
      "garbage",
      /holds no certificate/,
      (files, { key }) => files.write({ cert: "\u0000\u00ff".repeat(5_000), key }),
    ],
    ["no certificate", /can't be read: ENOENT/, (files) => unlinkSync(files.certFile)],
    ["no key", /can't be read: ENOENT/, (files) => unlinkSync(files.keyFile)],
    [
      "a folder",
      /it is a folder/,
      (files) => {
        unlinkSync(files.keyFile);
        mkdirSync(files.keyFile);
      },
    ],
    [
      "an encrypted key",
      /is encrypted/,
      (files, { cert, key }) => files.write({ cert, key: key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") }),
    ],
    [
      "an expired certificate",
      /the certificate expired at/,
      (files) => files.write(authority.issue({ notAfterMs: Date.now() - 1_000 })),
    ],
    [
      "one that is not valid yet",
      /is not valid before/,
      (files) => files.write(authority.issue({ notBeforeMs: Date.now() + dayMs })),
    ],
  ];
  test.each(broken)("%s leaves the certificate before in force", async (_what, told, spoil) => {
    const issued = authority.issue();
    const { files, reload, servedSerial, check, host, started } = await start(issued);
    spoil(files, authority.issue());
    await reload();
    expect(await servedSerial()).toBe(issued.serial);
    const found = await check();
    expect(found).toMatchObject({ status: "warn", message: expect.stringMatching(told) });
    await logged(started, /ERROR certificate refused, the one before stays in force reason=/);
    const certificates = (await host()).certificates.value ?? [];
    expect(certificates.filter((each) => each.in_use)).toHaveLength(1);

    if (existsSync(files.keyFile)) rmSync(files.keyFile, { recursive: true });
    const right = authority.issue();
    files.write(right);
    await reload();
    expect(await servedSerial()).toBe(right.serial);
    expect(await check()).toMatchObject({ status: "pass" });
  });

  test("what lies in the files and is refused is told beside what is served", async () => {
    const { files, reload, host } = await start(authority.issue());
    const { cert } = authority.issue({ names: "DNS:other.example" });
    files.write({ cert, key: authority.issue().key });
    await reload();
    const { value } = (await host()).certificates;
    expect(value?.map(({ names, in_use }) => [names, in_use])).toEqual([
      [["localhost", "127.0.0.1"], true],
      [["other.example"], false],
    ]);
  });

  test.each([
    ["fail", -1_000, /expired at/],
    ["warn", 13 * dayMs, /expires in 13\.0 days/],
    ["pass", 15 * dayMs, /expires in 15\.0 days/],
  ])("/health says %s for a certificate that ends in %i ms", async (status, leftMs, told) => {
    const { started } = await start(authority.issue({ notAfterMs: Date.now() + leftMs }));
    // Nobody who checks dates would talk to an expired one; this is about what it says of itself.
    const lenient = new Agent({ connect: { rejectUnauthorized: false } });
    const response = await fetch(`https://localhost:${started.adminPort}/health`, { dispatcher: lenient });
    const health = healthSchema.parse(await response.json());
    await lenient.destroy();
    expect(health.checks.find(({ name }) => name === "certificate")).toMatchObject({
      status,
      message: expect.stringMatching(told),
    });
    expect(response.status).toBe(status === "fail" ? 503 : 200);
    if (status === "fail") await logged(started, /ERROR certificate status=fail/);
  });

  test("versions of TLS older than tls.min_version are refused", async () => {
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const { started, stats } = await start(authority.issue());
    await expect(handshake(started.websocketPort, old)).rejects.toThrow();
    await expect(handshake(started.adminPort, old)).rejects.toThrow();
    (await handshake(started.websocketPort, { maxVersion: "TLSv1.2" })).destroy();
    expect((await stats()).connections.refused_by_reason).toEqual({ TLS_HANDSHAKE: 1 });
    await logged(started, "error=ERR_SSL_UNSUPPORTED_PROTOCOL");
  });

  test("with tls.min_version TLSv1.3 a client of 1.2 is refused, before and after a renewal", async () => {
    const { started, files, reload } = await start(authority.issue(), {
      WEBSOCKET_TLS_MIN_VERSION: "tlsv1.3",
    });
    const attempt = () => handshake(started.websocketPort, { maxVersion: "TLSv1.2" });
    await expect(attempt()).rejects.toThrow(/protocol version/);
    files.write(authority.issue());
    await reload();
    await expect(attempt()).rejects.toThrow(/protocol version/);
  });

  test("handshakes that don't get on are cut, in TLS and after it, each counted once", async () => {
    const { started, stats } = await start(authority.issue(), {
      WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.2",
    });
    const { websocketPort, adminPort } = started;
    const silent = [connectTcp(websocketPort, "127.0.0.1"), connectTcp(adminPort, "127.0.0.1")];
    // The beginning of a ClientHello that never goes on.
    const stuck = connectTcp(websocketPort, "127.0.0.1");
    stuck.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
    const afterTls = await handshake(websocketPort);
    await Promise.all(
      [...silent, stuck, afterTls].map(async (socket) => {
        socket.on("error", () => {});
        socket.resume();
        if (!socket.destroyed) await once(socket, "close");
      }),
    );
    expect((await stats()).connections.refused_by_reason).toEqual({ HANDSHAKE_TIMEOUT: 3 });
  });

  test("a stop does not wait for handshakes that never end", async () => {
    const { started } = await start(authority.issue(), { WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "300" });
    const silent = [started.websocketPort, started.adminPort].map((port) => connectTcp(port, "127.0.0.1"));
    const closed = silent.map((socket) => once(socket, "close"));
    await Promise.all(silent.map((socket) => once(socket, "connect")));
    for (const socket of silent) socket.on("error", () => {}).resume();
    await started.stop();
    await Promise.all(closed);
  });

  test("on loopback the certificate's names may stand in Host, others and wildcards may not", async () => {
    const names = "DNS:localhost,IP:127.0.0.1,DNS:ws.example,DNS:*.wild.example";
    const { started } = await start(authority.issue({ names }));
    const statusFor = async (host: string) => {
      const socket = await handshake(started.adminPort, { servername: "localhost" });
      socket.write(`GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      let text = "";
      for await (const chunk of socket) text += chunk;
      return text.split(" ", 2)[1];
    };
    expect(await statusFor("ws.example:8080")).toBe("200");
    expect(await statusFor("127.0.0.1")).toBe("200");
    expect(await statusFor("a.wild.example")).toBe("403");
    expect(await statusFor("evil.example")).toBe("403");
  });

  test("a start with files that can't be served is refused with what is wrong", async () => {
    const { cert } = authority.issue();
    const files = new PairOnDisk(folder, { ...authority.issue(), cert });
    await expect(startTestService(files.env)).rejects.toThrow(
      `environment tls.key_file: ${files.keyFile} is not the key of the first certificate in ${files.certFile}`,
    );
    await expect(startTestService({ WEBSOCKET_TLS_CERT_FILE: files.certFile })).rejects.toThrow(
      "environment tls.key_file: expected a file, since tls.cert_file is set",
    );
    const config = `tls: { cert_file: ${files.certFile}, key_file: ${join(folder, "none")} }`;
    await expect(startTestService({}, config)).rejects.toThrow(
      /config\.yaml tls\.key_file: .*none can't be read: ENOENT/,
    );
    writeFileSync(files.keyFile, "");
    await expect(startTestService(files.env)).rejects.toThrow("holds no private key in PEM");
  });
});
