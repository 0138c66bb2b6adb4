import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { metricNames } from "../../../lib/contract/metrics";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import type { CollectorBatch, PollOutcome } from "./batch";
import { createCollector, nextDue, spreadOf } from "./collector";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function collect(fakes: FakeMember[], stepMs: number) {
  const batches: CollectorBatch[] = [];
  const collector = createCollector({
    members: fakes.map((fake, i) => ({ id: `ws-${i}`, adminUrl: fake.adminUrl, token: null })),
    stepMs,
    now: Date.now,
    logger: silentLogger(),
    onBatch: (batch) => batches.push(batch),
  });
  closing.push(() => collector.stop());
  collector.start();
  const outcomes = (id = "ws-0"): PollOutcome[] =>
    batches.flatMap((batch) => batch.outcomes).filter((o) => o.serverId === id);
  return { batches, outcomes, collector };
}

async function fake(mode: FakeMember["mode"] = "ok"): Promise<FakeMember> {
  const member = await startFakeMember({ mode });
  closing.push(() => member.close());
  return member;
}

describe("the collector", () => {
  it("gives one sample a slot, with rates from the second one on", async () => {
    const { outcomes } = await collect([await fake()], 100);
    await until("four samples", () => outcomes().length >= 4);
    const slots = outcomes().map((o) => o.slotMs);
    expect(slots.every((slot) => slot % 100 === 0)).toBe(true);
    expect(new Set(slots).size).toBe(slots.length);
    const rate = metricNames.indexOf("messages_out_per_second");
    expect(outcomes()[0]?.sample?.values[rate]).toBeNull();
    expect(outcomes()[1]?.sample?.values[rate]).toBeGreaterThan(0);
  });

  it("knows no rates right after a restart of the member", async () => {
    const member = await fake();
    const { outcomes } = await collect([member], 100);
    const rate = metricNames.indexOf("messages_out_per_second");
    await until("a rate", () => outcomes().some((o) => o.sample?.values[rate]));
    const before = outcomes().length;
    member.restart();
    await until("no rate, then a rate again", () => {
      const rates = outcomes()
        .slice(before)
        .map((o) => o.sample?.values[rate]);
      return rates.includes(null) && typeof rates.at(-1) === "number";
    });
    const rates = outcomes().flatMap((o) => o.sample?.values[rate] ?? []);
    expect(rates.every((r) => r >= 0)).toBe(true);
  });

  it("never asks a member twice at a time and lets a slow one skip slots", async () => {
    const member = await fake("slow");
    const { outcomes } = await collect([member], 100);
    await until("three samples", () => outcomes().length >= 3);
    expect(member.mostAtOnce()).toBe(1);
    const slots = outcomes().map((o) => o.slotMs);
    slots.slice(1).forEach((slot, i) => {
      expect(slot - (slots[i] ?? 0)).toBeGreaterThanOrEqual(200);
    });
  });

  it("hands on batches that can be posted to another thread", async () => {
    const { batches, outcomes } = await collect(
      [await fake(), await fake("html"), await fake("proto-keys")],
      100,
    );
    await until("outcomes of all three", () =>
      ["ws-0", "ws-1", "ws-2"].every((id) => outcomes(id).length > 0),
    );
    expect(outcomes("ws-1")[0]?.failure).toMatchObject({ kind: "html" });
    const { port1, port2 } = new MessageChannel();
    closing.push(async () => port1.close());
    for (const one of [...batches]) {
      expect(structuredClone(one)).toEqual(one);
      port1.postMessage(one);
      const [received] = await once(port2, "message");
      expect(received).toEqual(one);
      expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    }
  });

  it("hands on nothing after it was stopped", async () => {
    const fakes = [await fake(), await fake("hang")];
    const first = await collect(fakes, 100);
    await until("a sample", () => first.outcomes().length > 0);
    await first.collector.stop();
    const batches = first.batches.length;
    const second = await collect(fakes, 100);
    await until("samples of another collector", () => second.outcomes().length > 2);
    expect(first.batches).toHaveLength(batches);
  });
});

describe("the schedule", () => {
  it("spreads members over the interval", () => {
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 1_000; i++) {
      const tenth = Math.floor((spreadOf(`ws-eu-${i}`) % 1_000) / 100);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.max(...tenths)).toBeLessThan(200);
    expect(Math.min(...tenths)).toBeGreaterThan(40);
  });

  it("takes the next moment of a member, and never one slot twice", () => {
    expect(nextDue(10_000, 0, 300, 1_000)).toBe(10_300);
    expect(nextDue(10_300, 10_300, 300, 1_000)).toBe(11_300);
    expect(nextDue(10_299, 10_300, 300, 1_000)).toBe(11_300);
    expect(nextDue(12_750, 10_300, 300, 1_000)).toBe(13_300);
  });

  it("goes on at once when the clock is set back", () => {
    expect(nextDue(5_000, 90_000_300, 300, 1_000)).toBe(5_300);
  });
});
