import { join } from "node:path";
import { expect, test } from "vitest";
import type { Stats } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { lastingPort } from "../../testing/lasting-port";
import { until } from "../../testing/until";
import { type Gap, WebsocketClient } from "../../websocket-client/client";
import { type LaunchedReady, serviceLauncher } from "../test-launched-service";
import { launchWorkers } from "../workers/test-launch-workers";
import { fleetEnv, testFleet } from "./test-fleet";

const topics = Array.from({ length: 10 }, (_, n) => `room.${n}`);

describeWith(["redis"], "a client with the addresses of two instances", () => {
  const fleet = testFleet();
  const launcher = serviceLauncher();

  /** An instance in a process of its own, on a port that it comes back to. */
  async function launch(redisUrl: string, name: string, port: number): Promise<LaunchedReady> {
    return launcher.launchReady({
      ...fleetEnv(redisUrl),
      WEBSOCKET_PORT: String(port),
      WEBSOCKET_DATA_DIR: join(launcher.folder, name),
      LOG_FILE: join(launcher.folder, `${name}.log`),
      WEBSOCKET_SHUTDOWN_TIMEOUT: "2",
      WEBSOCKET_HISTORY_MESSAGES: "2000",
    });
  }

  const statsOf = async ({ ready }: LaunchedReady) =>
    (await (await fetch(`http://127.0.0.1:${ready.adminPort}/stats`)).json()) as Stats;

  /** Keeps publishing to every topic, some five hundred messages a second in all. */
  async function publishing(redisUrl: string) {
    const through = await fleet.service(redisUrl);
    const client = await through.client();
    const published = new Map(topics.map((topic) => [topic, 0]));
    const underWay = new Set<Promise<unknown>>();
    const timer = setInterval(() => {
      for (const topic of topics) {
        const n = (published.get(topic) ?? 0) + 1;
        published.set(topic, n);
        const answered = client.publish(topic, n).finally(() => underWay.delete(answered));
        underWay.add(answered);
      }
    }, 20);
    const stop = async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    };
    fleet.ends.push(() => clearInterval(timer));
    return { published, stop };
  }

  function watch(client: WebsocketClient) {
    const seen = new Map<string, unknown[]>(topics.map((topic) => [topic, []]));
    const gaps: Gap[] = [];
    const duplicates: string[] = [];
    const recovered: string[] = [];
    let replayed = 0;
    client.onMessage(({ topic, seq, data }) => {
      expect(data).toBe(seq);
      seen.get(topic)?.push(seq);
    });
    client.on("gap", (gap) => gaps.push(gap));
    client.on("duplicate", (topic, seq) => duplicates.push(`${topic} ${seq}`));
    client.on("recovered", (topic, count) => {
      recovered.push(topic);
      replayed += count;
    });
    return { seen, gaps, duplicates, recovered, replayed: () => replayed };
  }

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "misses nothing and gets nothing twice when its instance ends by %s, nor when it comes back to one that began anew",
    async (signal) => {
      const { url } = await fleet.redis();
      const ports = [await lastingPort(), await lastingPort()] as const;
      const [a, b] = [await launch(url, "a", ports[0]), await launch(url, "b", ports[1])];
      const { published, stop } = await publishing(url);
      const client = new WebsocketClient({
        url: ports.map((port) => `ws://127.0.0.1:${port}/`),
        backoff: { firstMs: 50, longestMs: 500 },
      });
      fleet.ends.push(() => client.close());
      const view = watch(client);
      await client.connect();
      for (const topic of topics) {
        expect(
          await client.subscribe(topic, { epoch: (await statsOf(a)).server.epoch, seq: 0 }),
        ).toMatchObject({
          recovered: true,
        });
      }
      const farther = (by: number) => {
        const from = published.get("room.0") ?? 0;
        return until("more has come", () => (view.seen.get("room.0")?.length ?? 0) >= from + by, 20_000);
      };
      await farther(30);
      const first = view.recovered.length;
      a.child.kill(signal);
      await until("all is recovered at b", () => view.recovered.length === first + topics.length, 20_000);
      await farther(30);
      expect((await statsOf(b)).subscriptions).toMatchObject({
        active_subscriptions: topics.length,
        recovered_total: topics.length,
        gaps_total: 0,
      });
      await a.ended;
      const again = await launch(url, "a-again", ports[0]);
      b.child.kill(signal);
      await until("all is recovered at a", () => view.recovered.length === first + 2 * topics.length, 20_000);
      await farther(30);
      await stop();
      await until("all has come", () =>
        topics.every((topic) => view.seen.get(topic)?.length === published.get(topic)),
      );
      for (const topic of topics) {
        expect(view.seen.get(topic)).toEqual(
          Array.from({ length: published.get(topic) ?? 0 }, (_, n) => n + 1),
        );
      }
      expect(view.gaps).toEqual([]);
      expect(view.duplicates).toEqual([]);
      expect(view.replayed()).toBeGreaterThan(topics.length);
      const { subscriptions, messages } = await statsOf(again);
      expect(subscriptions).toMatchObject({ recovered_total: topics.length, gaps_total: 0 });
      expect(messages.published_total).toBe(0);
    },
    60_000,
  );

  test("finds the same at one with workers, and what a worker's client publishes comes to the other", async () => {
    const { url } = await fleet.redis();
    const a = await launchWorkers(launcher, { ...fleetEnv(url), WEBSOCKET_WORKERS: "2" });
    const b = await launch(url, "b", await lastingPort());
    const { epoch } = (await a.stats()).server;
    expect((await statsOf(b)).server.epoch).toBe(epoch);
    const ofA = await a.clients(4);
    const ofB = new WebsocketClient({ url: `ws://127.0.0.1:${b.ready.websocketPort}/`, reconnect: false });
    fleet.ends.push(() => ofB.close());
    await ofB.connect();
    const all = [...ofA, ofB];
    const got = all.map((client) => {
      const messages: unknown[] = [];
      client.onMessage((message) => messages.push(message));
      return messages;
    });
    for (const client of all) expect(await client.subscribe("room.1")).toMatchObject({ ok: true, epoch });
    const answers = await Promise.all(
      all.flatMap((client, who) => [1, 2, 3, 4].map((n) => client.publish("room.1", { who, n }))),
    );
    const range = Array.from({ length: 20 }, (_, n) => n + 1);
    expect(answers.map(({ seq }) => Number(seq)).sort((x, y) => x - y)).toEqual(range);
    await until("all have all", () => got.every((messages) => messages.length === 20));
    for (const messages of got) expect(messages).toEqual(got[0]);
    expect((await a.stats()).messages.published_total).toBe(16);
    expect((await statsOf(b)).messages.published_total).toBe(4);

    // To any worker, and from a worker to the other instance.
    const since = { epoch, seq: 12 };
    for (const at of [a.url, a.url, `ws://127.0.0.1:${b.ready.websocketPort}/`]) {
      const comer = new WebsocketClient({ url: at, reconnect: false });
      fleet.ends.push(() => comer.close());
      const seqs: number[] = [];
      comer.onMessage(({ seq }) => seqs.push(seq));
      await comer.connect();
      expect(await comer.subscribe("room.1", since)).toMatchObject({ recovered: true, replayed: 8 });
      await until("all is replayed", () => seqs.length === 8);
      expect(seqs).toEqual(range.slice(12));
    }
  }, 30_000);
});
