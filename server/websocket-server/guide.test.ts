import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  Connection,
  DataSource,
  EffectiveConfig,
  GcResult,
  GcStats,
  Host,
  Job,
  Stats,
  Threads,
} from "../../lib/contract/service-api";
import { describeWith } from "../testing/describe-with";
import { findProgram } from "../testing/servers.mjs";
import { until } from "../testing/until";
import { type Shown, type Situation, type SituationOptions, startSituation } from "./test-guide";
import { serviceLauncher } from "./test-launched-service";

const launcher = serviceLauncher("file");
const fakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const diagnostic = readFileSync(new URL("./websocket-diagnostic.fixture.sh", import.meta.url), "utf8");

interface Case {
  /** Where in the guide; 0 for what belongs to no problem. */
  problem: number;
  /** As it stands there, but for the mistakes that docs/service-api.md lists. */
  command: string;
  /** Programs that not every machine has. */
  needs?: string[];
  shows: (shown: Shown, at: Situation) => void | Promise<void>;
}

interface Told {
  situation: string;
  options?: SituationOptions;
  /** Why it can't be had on this machine. */
  missing?: string | false;
  arrange?: (at: Situation) => Promise<unknown>;
  cases: Case[];
}

/** In file `clock` stands by how many seconds a clock made by libfaketime is ahead. */
const ahead = {
  before: `export LD_PRELOAD=${fakeTime} FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE="$PWD/clock"; echo +0 > clock`,
};

function hasYaml(): boolean {
  try {
    execFileSync("python", ["-c", "import yaml"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const validKey = "dGhlIHNhbXBsZSBub25jZQ==";
const handshake = (key: string) => `curl -i -N \\
     -H "Connection: Upgrade" \\
     -H "Upgrade: websocket" \\
     -H "Sec-WebSocket-Key: ${key}" \\
     -H "Sec-WebSocket-Version: 13" \\
     http://localhost:8765/`;
const checkYaml = `python -c "import yaml; yaml.safe_load(open('config/websocket_config.yaml'))"`;
const service = "pgrep -f '^websocket-server'";

const told: Told[] = [
  {
    situation: "clients come and go",
    options: {
      config: "heartbeat: { interval: 20, timeout: 25 }\npublish: { allow: [room.*] }\n",
      env: { WEBSOCKET_SHUTDOWN_TIMEOUT: "1" },
    },
    async arrange(at) {
      const staying = await Promise.all(
        ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2"].map(
          (from) => at.client(from),
        ),
      );
      for (const client of staying.slice(0, 3)) await client.subscribe("room.1");
      for (const client of staying.slice(0, 2)) await client.subscribe("ticker.BTC-USD");
      for (let n = 0; n < 4; n++) await staying[0]?.publish("room.1", { n });
      for (let n = 0; n < 3; n++) await (await at.client()).close();
      (await at.client()).socket?.terminate();
      await until("all of it is counted", async () => (await at.stats()).connections.closed_total === 4);
    },
    cases: [
      {
        problem: 0,
        command: "curl -I http://localhost:8080/health",
        shows({ out }) {
          expect(out).toMatch(/^HTTP\/1.1 200 OK\r\n/);
          expect(out).toMatch(/\r\n\r\n$/);
        },
      },
      {
        problem: 0,
        command: "curl http://localhost:8080/health",
        shows: (shown) => expect(shown.json()).toMatchObject({ status: "healthy" }),
      },
      {
        problem: 0,
        command: "curl http://localhost:8080/stats",
        shows: (shown, at) =>
          expect(shown.json()).toMatchObject({
            server: { pid: at.pid, state: "running" },
            connections: { active_connections: 7, opened_total: 11, closed_total: 4 },
            subscriptions: { active_subscriptions: 5 },
          }),
      },
      {
        problem: 0,
        command: "curl http://localhost:8080/metrics",
        shows({ out }) {
          expect(out).toMatch(/^websocket_active_connections 7$/m);
          expect(out).toMatch(/^websocket_connections_closed_total\{code="1000"\} 3$/m);
        },
      },
      {
        problem: 0,
        command: 'grep -E "(ERROR|WARN|CRITICAL)" logs/websocket-server.log',
        shows({ lines }) {
          expect(lines).toHaveLength(1);
          expect(lines[0]).toMatch(/ WARN {2}connection closed .*code=1006 reason="disconnected without/);
        },
      },
      {
        problem: 1,
        command: "ps aux | grep websocket-server",
        shows: ({ lines }, at) =>
          expect(lines.filter((line) => Number(line.split(/\s+/)[1]) === at.pid)).toEqual([
            expect.stringMatching(/ websocket-server$/),
          ]),
      },
      {
        problem: 1,
        command: "ss -tlnp | grep 8765",
        shows: ({ lines }, at) =>
          expect(lines).toEqual([
            expect.stringMatching(
              new RegExp(
                `^LISTEN .* 127\\.0\\.0\\.1:${at.websocketPort} .*"websocket-serve".*pid=${at.pid},`,
              ),
            ),
          ]),
      },
      {
        problem: 1,
        command: "netstat -tlnp | grep 8765",
        needs: ["netstat"],
        shows: ({ lines }, at) =>
          expect(lines).toEqual([
            expect.stringMatching(
              new RegExp(`127\\.0\\.0\\.1:${at.websocketPort} .* LISTEN +${at.pid}/websocket`),
            ),
          ]),
      },
      {
        problem: 1,
        command: "telnet localhost 8765",
        needs: ["telnet"],
        shows: ({ out }) => expect(out).toContain("Connected to localhost."),
      },
      {
        problem: 1,
        command: handshake("test"),
        shows({ out }) {
          expect(out).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
          expect(out).toMatch(/"code":"BAD_REQUEST","message":"[^"]*Sec-WebSocket-Key/);
        },
      },
      {
        problem: 1,
        command: checkYaml,
        needs: ["python"],
        shows: ({ code }) => expect(code).toBe(0),
      },
      {
        problem: 2,
        command: `grep -i "disconnect\\|closed\\|timeout" logs/websocket-server.log | tail -20`,
        shows({ lines }) {
          const codes = lines.map((line) => /connection closed id=\S+ .* code=(\d+)/.exec(line)?.[1]);
          expect(codes.sort()).toEqual(["1000", "1000", "1000", "1006"]);
        },
      },
      {
        problem: 2,
        command: "curl http://localhost:8080/config | jq '.heartbeat'",
        shows: (shown) => expect(shown.json()).toEqual({ interval: 20, timeout: 25 }),
      },
      {
        // What `watch -n 2` repeats.
        problem: 2,
        command: "curl -s http://localhost:8080/stats | jq .connections",
        shows: (shown) =>
          expect(shown.json()).toMatchObject({
            active_connections: 7,
            closed_by_code: { 1000: 3, 1006: 1 },
            closed_by_side: { client: 3, server: 0, lost: 1 },
          }),
      },
      {
        problem: 3,
        command: "curl -s http://localhost:8080/stats | jq '.connections.active_connections'",
        shows: ({ out }) => expect(out).toBe("7\n"),
      },
      {
        problem: 3,
        command: "netstat -an | grep :8765 | awk '{print $5}' | cut -d: -f1 | sort | uniq -c | sort -nr",
        needs: ["netstat"],
        async shows({ lines }, at) {
          const counted = lines.map((line) => line.trim().split(" "));
          expect(counted).toContainEqual(["2", "127.0.0.2"]);
          expect(await at.get("/admin/connections/by-ip")).toEqual([
            { remote_ip: "127.0.0.1", connections: 5, idle: 0 },
            { remote_ip: "127.0.0.2", connections: 2, idle: 0 },
          ]);
        },
      },
      {
        problem: 3,
        command: "curl -s http://localhost:8080/admin/connections | jq '.[] | select(.idle_time > 300)'",
        shows: ({ out, code }) => expect({ out, code }).toEqual({ out: "", code: 0 }),
      },
      {
        problem: 4,
        command: "curl -s http://localhost:8080/stats | jq '.message_queue'",
        shows: (shown) =>
          expect(shown.json()).toMatchObject({ messages: 0, bytes: 0, oldest_ms: 0, dropped_total: 0 }),
      },
      {
        problem: 4,
        command: "curl -s http://localhost:8080/metrics | grep latency",
        shows({ lines }) {
          const count = lines.find((line) => line.startsWith("websocket_push_latency_seconds_count "));
          // 4 messages to 3 subscribers, and tickers.
          expect(Number(count?.split(" ")[1])).toBeGreaterThanOrEqual(12);
          expect(lines.filter((line) => line.includes("_bucket")).length).toBeGreaterThan(10);
        },
      },
      {
        problem: 4,
        command: `top -bn1 -p $(${service})`,
        shows: ({ lines }, at) => expect(lines.at(-1)).toMatch(new RegExp(`^ *${at.pid} .* websocket`)),
      },
      {
        problem: 5,
        command: "ps aux --sort=-%mem",
        async shows({ lines }, at) {
          const own = lines.map((line) => line.trim().split(/\s+/)).find(([, pid]) => Number(pid) === at.pid);
          const rss = (await at.stats()).memory.rss_bytes;
          expect(Math.abs(Number(own?.[5]) * 1024 - rss) / rss).toBeLessThan(0.3);
        },
      },
      {
        problem: 5,
        command: `pmap -d $(${service})`,
        needs: ["pmap"],
        shows({ lines }, at) {
          expect(lines[0]).toMatch(new RegExp(`^${at.pid}: +websocket-server`));
          expect(lines.at(-1)).toMatch(/^mapped: \d+K/);
        },
      },
      {
        problem: 5,
        command:
          "curl -s http://localhost:8080/admin/gc-stats; curl -s -X POST http://localhost:8080/admin/gc; curl -s http://localhost:8080/admin/gc-stats",
        shows({ out }) {
          const [before, forced, after] = out
            .replaceAll("}{", "}\n{")
            .split("\n")
            .map((text) => JSON.parse(text)) as [GcStats, GcResult, GcStats];
          expect(forced.isolates).toHaveLength(1);
          const collections = (stats: GcStats) =>
            stats.collections.reduce((sum, { count }) => sum + count, 0);
          expect(collections(after)).toBeGreaterThan(collections(before));
        },
      },
      {
        problem: 6,
        command: "ps -eLf | grep websocket-server",
        async shows({ lines }, at) {
          const own = lines.filter((line) => Number(line.trim().split(/\s+/)[1]) === at.pid);
          const { threads } = await at.get<Threads>("/admin/threads");
          expect(threads?.length).toBeGreaterThan(4);
          expect(own).toHaveLength(threads?.length ?? 0);
        },
      },
      {
        problem: 6,
        command: "curl -s http://localhost:8080/admin/threads",
        shows(shown, at) {
          const { threads, event_loops: loops } = shown.json<Threads>();
          const names = threads?.filter(({ pid }) => pid === at.pid).map(({ name }) => name);
          const real = readdirSync(`/proc/${at.pid}/task`).map((tid) =>
            readFileSync(`/proc/${at.pid}/task/${tid}/comm`, "utf8").trim(),
          );
          expect(names?.sort()).toEqual(real.sort());
          expect(loops).toMatchObject([{ worker: "main", pid: at.pid }]);
        },
      },
      {
        problem: 7,
        command: "curl -s http://localhost:8080/admin/datasource-status",
        shows(shown) {
          const { datasources } = shown.json<{ datasources: DataSource[] }>();
          expect(datasources.map(({ name, state }) => [name, state])).toEqual([
            ["prices", "running"],
            ["sensors", "running"],
            ["events", "running"],
          ]);
        },
      },
      {
        problem: 7,
        command: "curl -s http://localhost:8080/stats | jq '.subscriptions'",
        shows: (shown) =>
          expect(shown.json()).toMatchObject({
            active_subscriptions: 5,
            subscribed_total: 5,
            unsubscribed_total: 0,
          }),
      },
      {
        problem: 10,
        command: `cat /proc/$(${service})/limits | grep files`,
        async shows({ lines }, at) {
          const { descriptors } = await at.get<Host>("/admin/host");
          const soft = descriptors.value?.soft_limit;
          expect(lines).toEqual([expect.stringMatching(new RegExp(`^Max open files +${soft} `))]);
        },
      },
      {
        problem: 10,
        command: `lsof -p $(${service})`,
        needs: ["lsof"],
        async shows(_, at) {
          // lsof counts programs and libraries in memory as well.
          await until("lsof and the service agree", async () => {
            const { lines } = await at.run(`lsof -p $(${service})`);
            const open = lines.filter((line) => /^\d+[a-zA-Z-]/.test(line.trim().split(/\s+/)[3] ?? ""));
            return open.length === (await at.get<Host>("/admin/host")).descriptors.value?.used;
          });
        },
      },
      {
        problem: 12,
        command: "curl -I http://localhost:8080/health",
        shows: ({ out }) => expect(out).toMatch(/^HTTP\/1.1 200 /),
      },
      {
        problem: 13,
        command: "curl -s http://localhost:8080/config",
        shows: (shown) =>
          expect(shown.json()).toMatchObject({
            heartbeat: { interval: 20, timeout: 25 },
            publish: { allow: ["room.*"] },
            connections: { max: 10_000 },
            port: 0,
            logging: { file: "logs/websocket-server.log" },
          }),
      },
      {
        problem: 5,
        command: `kill -USR1 $(${service})`,
        async shows({ code }, at) {
          expect(code).toBe(0);
          await until("it is told", () => at.logText().includes("heap snapshot written"));
          const [name] = readdirSync(join(at.folder, "data/websocket-server/heap-snapshots"));
          expect(name).toMatch(/\.heapsnapshot$/);
        },
      },
      {
        problem: 0,
        command: diagnostic,
        needs: ["netstat"],
        async shows({ out, code }, at) {
          expect(code).toBe(0);
          expect(out).toMatch(
            new RegExp(`端口监听:\\ntcp .* 127\\.0\\.0\\.1:${at.websocketPort} .* LISTEN `),
          );
          // The listener and both ends of seven connections on one machine, and what closed of late.
          expect(Number(/连接数:\n(\d+)/.exec(out)?.[1])).toBeGreaterThanOrEqual(15);
          const stats = /健康检查: 通过\n(\{[\s\S]*?\n\})\n/.exec(out)?.[1] ?? "";
          expect((JSON.parse(stats) as Stats).connections.active_connections).toBe(7);
          const errors = /=== 最近错误日志 ===\n([\s\S]*?)=== 诊断完成 ===/.exec(out)?.[1] ?? "";
          expect(
            errors
              .trim()
              .split("\n")
              .filter((line) => line !== ""),
          ).toEqual(
            at
              .logText()
              .trim()
              .split("\n")
              .slice(-20)
              .filter((line) => / (ERROR|WARN|CRITICAL) /.test(line)),
          );
        },
      },
    ],
  },
  {
    situation: "heartbeat and limit were changed by the guide's variables",
    options: {
      config: "connections: { max: 1000 }\n",
      env: { HEARTBEAT_INTERVAL: "30", PING_TIMEOUT: "40", MAX_CONNECTIONS: "2000", LOG_LEVEL: "debug" },
    },
    arrange: async (at) => (await at.client()).subscribe("ticker.BTC-USD"),
    cases: [
      {
        problem: 2,
        command: "curl http://localhost:8080/config | jq '.heartbeat'",
        shows: (shown) => expect(shown.json()).toEqual({ interval: 30, timeout: 40 }),
      },
      {
        problem: 3,
        command: "curl -s http://localhost:8080/stats | jq '.connections.max_connections'",
        shows: ({ out }) => expect(out).toBe("2000\n"),
      },
      {
        problem: 14,
        command: `tr '\\0' '\\n' < /proc/$(${service})/environ | grep -E "(WEBSOCKET|MAX_|LOG_)"`,
        shows: ({ lines }) =>
          expect(lines).toEqual(expect.arrayContaining(["MAX_CONNECTIONS=2000", "LOG_LEVEL=debug"])),
      },
      {
        problem: 14,
        command: "grep DEBUG logs/websocket-server.log",
        shows: ({ out }) => expect(out).toMatch(/ DEBUG subscribed .*topic=ticker\.BTC-USD/),
      },
    ],
  },
  {
    situation: "the connection limit is reached",
    options: { env: { MAX_CONNECTIONS: "3" } },
    async arrange(at) {
      for (let n = 0; n < 3; n++) await at.client();
      await expect(at.client()).rejects.toThrow("503");
    },
    cases: [
      {
        problem: 3,
        command: "curl -s http://localhost:8080/stats | jq '.connections.active_connections'",
        shows: ({ out }) => expect(out).toBe("3\n"),
      },
      {
        problem: 3,
        command: "grep MAX_CONNECTIONS_EXCEEDED logs/websocket-server.log",
        shows: ({ lines }) =>
          expect(lines[0]).toMatch(/ WARN {2}connection refused reason=MAX_CONNECTIONS_EXCEEDED ip=127/),
      },
      {
        problem: 1,
        command: handshake(validKey),
        shows({ out }) {
          expect(out).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n/);
          expect(out).toMatch(/\r\nRetry-After: \d+\r\n/);
          expect(JSON.parse(out.split("\r\n\r\n")[1] ?? "")).toMatchObject({
            error: { code: "MAX_CONNECTIONS_EXCEEDED", message: "3 of 3 connections are open" },
          });
        },
      },
      {
        problem: 4,
        command:
          "curl -s http://localhost:8080/health | jq -r '.checks[] | select(.name == \"connections\") | .status'",
        shows: ({ out }) => expect(out).toBe("warn\n"),
      },
    ],
  },
  {
    situation: "clients that went quiet 400 s ago",
    missing: !existsSync(fakeTime) && "no libfaketime (Debian: apt-get install faketime)",
    options: {
      ...ahead,
      env: { WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false", WEBSOCKET_PUBLISH_ALLOW: "*" },
    },
    async arrange(at) {
      const clients = await Promise.all(Array.from({ length: 5 }, () => at.client()));
      await clients[0]?.subscribe("room.1");
      await until("nobody is being pinged", async () =>
        (await at.get<Connection[]>("/admin/connections")).every(({ rtt_ms: rtt }) => rtt !== null),
      );
      writeFileSync(join(at.folder, "clock"), "+400\n");
      // One is awake.
      await until("the clock has gone on", async () => {
        await clients[1]?.request({ op: "ping" });
        return (await at.stats()).connections.idle_connections === 4;
      });
    },
    cases: [
      {
        problem: 3,
        command:
          "curl -s http://localhost:8080/admin/connections | jq '.[] | select(.idle_time > 300)' | jq -s 'map(.idle_time > 399 and .idle_time < 500)'",
        shows: (shown) => expect(shown.json()).toEqual([true, true, true, true]),
      },
      {
        problem: 3,
        command: "curl -s -X POST http://localhost:8080/admin/cleanup-connections",
        async shows(shown, at) {
          const { id } = shown.json<Job>();
          const done = await until("the clean-up is done", async () => {
            const job = await at.get<Job>(`/admin/jobs/${id}`);
            return job.state === "running" ? null : job;
          });
          // The subscriber is quiet, not a zombie.
          expect(done).toMatchObject({ state: "succeeded", result: { closed: 3 } });
          await until("they are gone", async () => (await at.stats()).connections.active_connections === 2);
        },
      },
      {
        problem: 2,
        command: `grep -i "disconnect\\|closed\\|timeout" logs/websocket-server.log | tail -20`,
        shows({ lines }) {
          const closed = lines.filter((line) =>
            /connection closed .* side=server code=4001 reason="clean-up: idle"/.test(line),
          );
          expect(closed).toHaveLength(3);
        },
      },
    ],
  },
  {
    situation: "a reader that does not read",
    options: {
      env: {
        WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
        WEBSOCKET_PUBLISH_ALLOW: "*",
        WEBSOCKET_MESSAGES_MAX_PER_SECOND: "100000",
      },
    },
    async arrange(at) {
      const stalled = await at.client();
      await stalled.subscribe("room.1");
      stalled.socket?.pause();
      const publisher = await at.client();
      const data = "x".repeat(100_000);
      await until("it is behind", async () => {
        for (let n = 0; n < 20; n++) await publisher.publish("room.1", data);
        return (await at.stats()).message_queue.bytes > 0;
      });
    },
    cases: [
      {
        problem: 4,
        command: "curl -s http://localhost:8080/stats | jq '.message_queue'",
        async shows(shown) {
          const queue = shown.json<Stats["message_queue"]>();
          expect(queue.messages).toBeGreaterThan(0);
          expect(queue.bytes).toBeGreaterThan(100_000);
          expect(queue.oldest_ms).toBeGreaterThan(0);
        },
      },
      {
        problem: 4,
        command:
          "curl -s 'http://localhost:8080/admin/connections?min_buffered=1' | jq -c '.[] | [.subscriptions, .buffered_bytes > 100000]'",
        shows: ({ lines }) => expect(lines).toEqual(["[1,true]"]),
      },
    ],
  },
  {
    situation: "a configuration file that was broken while the service runs",
    options: { config: "heartbeat: { interval: 20 }\n" },
    async arrange(at) {
      writeFileSync(join(at.folder, "config/websocket_config.yaml"), "heartbeat: { interval: 21\nport: [\n");
      process.kill(at.pid, "SIGHUP");
      await until("it is told", () => at.logText().includes("config refused"));
    },
    cases: [
      {
        problem: 13,
        command: checkYaml,
        needs: ["python"],
        shows: ({ code, err }) =>
          expect({ code, parsing: /yaml\.\w+\.\w*Error/.test(err) }).toEqual({ code: 1, parsing: true }),
      },
      {
        problem: 13,
        command: "curl -s http://localhost:8080/config | jq .heartbeat.interval",
        shows: ({ out }) => expect(out).toBe("20\n"),
      },
      {
        problem: 13,
        command: 'grep -E "(ERROR|WARN|CRITICAL)" logs/websocket-server.log',
        shows: ({ out }) => expect(out).toMatch(/ ERROR config refused .*websocket_config\.yaml:\d+:\d+/),
      },
    ],
  },
  {
    situation: "variables that contradict each other",
    options: {
      config: "connections: { max: 5 }\n",
      env: { WEBSOCKET_CONNECTIONS_MAX: "10", MAX_CONNECTIONS: "20", WEBSOCKET_CONECTIONS_MAX: "30" },
    },
    cases: [
      {
        problem: 14,
        command: "curl -s http://localhost:8080/admin/effective-config",
        shows(shown) {
          const config = shown.json<EffectiveConfig>();
          expect(config.keys.find(({ key }) => key === "connections.max")).toMatchObject({
            value: 10,
            winner: "env",
            losers: [
              { source: "env", variable: "MAX_CONNECTIONS", value: 20 },
              { source: "file", value: 5 },
              { source: "default", value: 10_000 },
            ],
          });
          expect(config.conflicts).toMatchObject([
            { key: "connections.max", variables: ["WEBSOCKET_CONNECTIONS_MAX", "MAX_CONNECTIONS"] },
          ]);
          expect(config.unknown_variables).toMatchObject([
            { variable: "WEBSOCKET_CONECTIONS_MAX", did_you_mean: "WEBSOCKET_CONNECTIONS_MAX" },
          ]);
        },
      },
      {
        problem: 3,
        command: "curl -s http://localhost:8080/stats | jq '.connections.max_connections'",
        shows: ({ out }) => expect(out).toBe("10\n"),
      },
    ],
  },
  {
    situation: "a data source that is out of reach",
    options: {
      env: {
        WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false",
        // The discard port: nobody listens.
        WEBSOCKET_SOURCES_REDIS_URL: "redis://:hunter2@127.0.0.1:9/0",
        WEBSOCKET_SOURCES_REDIS_CHANNELS: "news",
      },
    },
    arrange: (at) => until("it tried", () => at.logText().includes("ECONNREFUSED")),
    cases: [
      {
        problem: 7,
        command: "curl -s http://localhost:8080/admin/datasource-status",
        shows(shown) {
          const [source] = shown.json<{ datasources: DataSource[] }>().datasources;
          expect(source).toMatchObject({ name: "redis", messages_total: 0, last_message_at_ms: null });
          expect(["backoff", "connecting"]).toContain(source?.state);
          expect(JSON.stringify(source?.last_error)).toContain("ECONNREFUSED");
          expect(shown.out).not.toContain("hunter2");
        },
      },
    ],
  },
  {
    situation: "a log on a full disk",
    missing: !existsSync("/dev/full") && "no /dev/full",
    options: { env: { LOG_FILE: "/dev/full" } },
    arrange: (at) => until("it was noticed", async () => (await at.stats()).logs.failed_writes_total > 0),
    cases: [
      {
        problem: 9,
        command:
          "curl -s http://localhost:8080/health | jq -c '[.status, (.checks[] | select(.name == \"log\").status)]'",
        shows: ({ out }) => expect(out).toBe('["degraded","warn"]\n'),
      },
      {
        problem: 1,
        command: handshake("test"),
        shows: ({ out }) => expect(out).toContain("400 Bad Request"),
      },
    ],
  },
  {
    situation: "logs of last week",
    options: { env: { WEBSOCKET_LOGGING_COMPRESS: "false" } },
    async arrange(at) {
      await fetch(`http://127.0.0.1:${at.adminPort}/admin/logs/rotate`, { method: "POST" });
      const rotated = readdirSync(join(at.folder, "logs")).find((name) => name !== "websocket-server.log");
      const then = Date.now() / 1_000 - 8 * 86_400;
      utimesSync(join(at.folder, "logs", rotated ?? ""), then, then);
    },
    cases: [
      {
        problem: 9,
        command: `find /app/logs -name "*.log" -mtime +7 -delete`,
        async shows({ code }, at) {
          expect(code).toBe(0);
          expect(readdirSync(join(at.folder, "logs"))).toEqual(["websocket-server.log"]);
          await at.client();
          await until("it is still written", () => at.logText().includes("connection opened"));
        },
      },
      {
        problem: 9,
        command: "du -sb /app/logs/*",
        async shows({ lines }, at) {
          const [bytes] = (lines[0] ?? "").split("\t");
          expect(Number(bytes)).toBeGreaterThan(0);
          await until("both say the same", async () => {
            const { lines: again } = await at.run("du -sb /app/logs/*");
            return Number(again[0]?.split("\t")[0]) === (await at.stats()).logs.file_bytes;
          });
        },
      },
    ],
  },
  {
    situation: "no file descriptors left",
    options: { before: "ulimit -n 128" },
    async arrange(at) {
      await Promise.allSettled(Array.from({ length: 200 }, () => at.client()));
    },
    cases: [
      {
        problem: 10,
        command: 'grep "Too many open files" logs/websocket-server.log',
        shows: ({ lines }) =>
          expect(lines).toEqual([expect.stringMatching(/ ERROR Too many open files sockets=96 limit=128$/)]),
      },
      {
        problem: 10,
        command: `cat /proc/$(${service})/limits | grep files`,
        shows: ({ out }) => expect(out).toMatch(/^Max open files +128 +128 /),
      },
      {
        problem: 12,
        command: "curl -f http://localhost:8080/health",
        shows: (shown) =>
          expect([shown.code, shown.json<{ status: string }>().status]).toEqual([0, "degraded"]),
      },
    ],
  },
  {
    situation: "a service that is being drained",
    arrange: (at) => fetch(`http://127.0.0.1:${at.adminPort}/admin/drain`, { method: "POST" }),
    cases: [
      {
        problem: 12,
        command: "curl -I http://localhost:8080/health",
        shows: ({ out }) => expect(out).toMatch(/^HTTP\/1.1 503 /),
      },
      {
        problem: 0,
        command: diagnostic,
        shows: ({ out }) => expect(out).toContain("健康检查: 失败"),
      },
    ],
  },
];

const yaml = hasYaml();
const lacks = ({ needs = [] }: Case) =>
  needs.filter((name) => findProgram(name) === null || (name === "python" && !yaml)).join(", ");

describeWith(["operator's tools"], "the troubleshooting guide", () => {
  describe.each(told)("$situation", ({ options, missing, arrange, cases }) => {
    let at: Situation;
    beforeAll(async () => {
      if (missing) return;
      at = await startSituation(launcher, options);
      await arrange?.(at);
    });
    afterAll(() => at?.end());

    for (const each of cases) {
      const without = missing || (lacks(each) && `needs ${lacks(each)}`);
      const [first] = each.command.split("\n").slice(each.command.startsWith("#!") ? 1 : 0);
      test.skipIf(without)(`problem ${each.problem}: ${first}${without ? ` (${without})` : ""}`, async () => {
        await each.shows(await at.run(each.command), at);
      });
    }
  });

  test("follows the log, and a valid handshake is answered by a welcome", async () => {
    const at = await startSituation(launcher, { config: "publish: { allow: [room.*] }\n" });
    const client = await at.client();
    await client.subscribe("room.1");
    const stir = () => client.publish("room.1", 1);
    await at.follow("tail -f logs/websocket-server.log", /connection opened/, stir);
    await at.follow(
      `tail -f logs/websocket-server.log | grep -i "publish\\|push"`,
      /INFO {2}push messages=[1-9]/,
      stir,
    );
    await at.follow(handshake(validKey), /^HTTP\/1.1 101 Switching Protocols\r\n[\s\S]*"op":"welcome"/, stir);
    await at.end();
  }, 60_000);

  test("a service that does not run: every question says so", async () => {
    const at = await startSituation(launcher);
    await at.end();
    expect((await at.run("curl -f http://localhost:8080/health")).code).toBe(7);
    expect((await at.run("ss -tlnp | grep 8765")).out).toBe("");
    expect((await at.run(service)).out).toBe("");
    expect((await at.run(diagnostic)).out).toContain("健康检查: 失败");
    expect((await at.run("tail -20 logs/websocket-server.log")).out).toMatch(
      / INFO {2}stopped connections=0\n/,
    );
  });

  test("a port that another program has: the start says which", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await until("it listens", () => other.listening);
    const { port } = other.address() as { port: number };
    const { output, ended } = launcher.launch({ WEBSOCKET_PORT: String(port) });
    expect(await ended).toBe(1);
    expect(output.err).toContain(`port ${port} on 127.0.0.1 is in use (set WEBSOCKET_PORT)`);
    other.close();
  });
});
