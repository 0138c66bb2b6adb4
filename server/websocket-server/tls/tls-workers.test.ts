import { Agent, fetch } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Health, Threads } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { until } from "../../testing/until";
import { WebsocketClient } from "../../websocket-client/client";
import { serviceLauncher } from "../test-launched-service";
import { PairOnDisk, TestAuthority } from "./test-authority";

describeWith(["openssl"], "TLS of a service in its own processes", () => {
  const launcher = serviceLauncher();
  let authority: TestAuthority;
  let agent: Agent;
  beforeEach(() => {
    authority = new TestAuthority(launcher.folder);
    agent = new Agent({ connect: { ca: authority.ca } });
  });
  afterEach(() => agent.destroy());

  async function launch(files: PairOnDisk, env: Record<string, string> = {}) {
    const launched = await launcher.launchReady({
      WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
      ...files.env,
      ...env,
    });
    const { websocketPort, adminPort } = launched.ready;
    const connect = async () => {
      const url = `wss://127.0.0.1:${websocketPort}/`;
      const client = new WebsocketClient({ url, reconnect: false, socket: { ca: authority.ca } });
      await client.connect();
      return client;
    };
    const get = async <T>(path: string, init: Parameters<typeof fetch>[1] = {}) => {
      const url = `https://localhost:${adminPort}${path}`;
      return (await (await fetch(url, { ...init, dispatcher: agent })).json()) as T;
    };
    return { ...launched, connect, get };
  }

  /** The certificates that new clients are shown, each by a connection of its own. */
  async function serials(connect: () => Promise<WebsocketClient>, count: number): Promise<Set<string>> {
    const clients = await Promise.all(Array.from({ length: count }, connect));
    const shown = clients.map((client) => {
      const { _socket: socket } = client.socket as unknown as {
        _socket: { getPeerCertificate(): { serialNumber: string } };
      };
      return socket.getPeerCertificate().serialNumber;
    });
    await Promise.all(clients.map((client) => client.close()));
    return new Set(shown);
  }

  test("all workers serve a renewed certificate and keep their clients; so does one that is started again", async () => {
    const first = authority.issue();
    const files = new PairOnDisk(launcher.folder, first);
    const { ready, child, connect, get } = await launch(files, { WEBSOCKET_WORKERS: "2" });
    expect(ready).toMatchObject({ tls: true });
    const clients = await Promise.all(Array.from({ length: 20 }, connect));
    expect(await serials(connect, 6)).toEqual(new Set([first.serial]));

    const second = authority.issue();
    files.write(second);
    child.kill("SIGHUP");
    await until("workers serve it", async () => {
      const shown = await serials(connect, 6);
      return shown.size === 1 && shown.has(second.serial);
    });
    for (const client of clients) expect((await client.request({ op: "ping" })).ok).toBe(true);
    const threads = await get<Threads>("/admin/threads");
    const held = threads.event_loops.filter(({ worker }) => worker !== "main");
    expect(held.map(({ connections }) => connections > 0)).toEqual([true, true]);

    files.write({ cert: second.cert, key: first.key });
    await get("/admin/reload-config", { method: "POST" });
    expect(await serials(connect, 6)).toEqual(new Set([second.serial]));
    const health = await get<Health>("/health");
    expect(health.checks.find(({ name }) => name === "certificate")).toMatchObject({ status: "warn" });

    const pid = held[0]?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    await until("it is started again", async () => {
      const { event_loops } = await get<Threads>("/admin/threads");
      return event_loops.length === 3 && event_loops.every((each) => each.pid !== pid);
    });
    expect(await serials(connect, 12)).toEqual(new Set([second.serial]));
    for (const client of clients) client.socket?.terminate();
  });

  test("files that can't be served end the start with exit code 78 and one line", async () => {
    const files = new PairOnDisk(launcher.folder, { ...authority.issue(), key: authority.issue().key });
    const { ended, output } = launcher.launch(files.env);
    expect(await ended).toBe(78);
    expect(output.err).toBe(
      `environment tls.key_file: ${files.keyFile} is not the key of the first certificate in ${files.certFile}\n`,
    );
  });
});
