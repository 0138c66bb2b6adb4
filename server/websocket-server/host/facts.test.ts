import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { type Host, hostSchema } from "../../../lib/contract/service-api";
import { startTestService, type TestService } from "../test-service";
import { parseChrony, parseSystemd } from "./clock";
import { mergeDescriptors, readDescriptors } from "./descriptors";
import { mountOf, parseMounts } from "./disks";
import { factOf, withinTime } from "./fact";
import { parseListening, parseTable } from "./tcp";

let service: TestService;
afterEach(() => service?.end());

test.runIf(process.platform === "linux")("GET /admin/host tells this machine's facts", async () => {
  service = await startTestService();
  await service.client();
  const host: Host = hostSchema.parse(await (await fetch(`${service.adminUrl}/admin/host`)).json());
  const data = host.disks.value?.find((disk) => disk.holds.includes("data"));
  expect(data?.holds).toContain("logs");
  expect(data?.size_bytes).toBeGreaterThan(data?.available_bytes ?? Number.POSITIVE_INFINITY);
  expect(host.disks.value?.some((disk) => disk.type === "proc")).toBe(false);
  const sockets = host.descriptors.value?.by_kind?.socket ?? 0;
  // two listeners, the client and this request
  expect(sockets).toBeGreaterThanOrEqual(4);
  expect(host.descriptors.value?.used).toBeGreaterThan(sockets);
  expect(host.descriptors.value?.soft_limit).toBeGreaterThan(0);
  expect(host.memory.value?.available_bytes).toBeGreaterThan(0);
  expect(host.load.value?.cores).toBeGreaterThan(0);
  const own = host.listening.value?.filter((each) => each.role !== null);
  expect(own?.map(({ port, role }) => [role, port]).sort()).toEqual([
    ["admin", service.adminPort],
    ["websocket", service.websocketPort],
  ]);
  expect(host.tcp.value?.segments_out_total).toBeGreaterThan(0);
  expect(host.certificates).toEqual({ value: [], reason: null });
  // Here or not: told, or null with the reason.
  expect(host.clock.value === null).toBe(host.clock.reason !== null);
});

test.runIf(process.platform === "linux")(
  "files that are opened are counted, and closed ones no more",
  async () => {
    const files = async () => (await readDescriptors("main")).byKind?.file ?? 0;
    const before = await files();
    const opened = Array.from({ length: 50 }, () => openSync(import.meta.filename, "r"));
    expect(await files()).toBeGreaterThanOrEqual(before + 45);
    for (const descriptor of opened) closeSync(descriptor);
    expect(await files()).toBeLessThan(before + 45);
  },
);

test("a fact that can't be had is null with the reason", async () => {
  const failing = () => Promise.reject(new Error("no such file"));
  expect(await factOf(failing)).toEqual({ value: null, reason: "no such file" });
  expect(await factOf(() => 3)).toEqual({ value: 3, reason: null });
  await expect(withinTime(new Promise(() => {}), 5)).rejects.toThrow("no answer within 5 ms");
});

test("mounts: the newest on a point counts, escapes are undone, the longest point holds a path", () => {
  const mounts = parseMounts(
    [
      "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw",
      "30 22 8:2 / /var rw shared:2 - ext4 /dev/sda2 rw",
      "31 22 8:3 / /var rw shared:2 - xfs /dev/sda3 rw",
      "32 22 8:4 / /mnt/my\\040disk rw - ext4 /dev/sdb rw",
      "broken line",
    ].join("\n"),
  );
  expect(mounts.map(({ mount, device }) => [mount, device])).toEqual([
    ["/", "/dev/sda1"],
    ["/var", "/dev/sda3"],
    ["/mnt/my disk", "/dev/sdb"],
  ]);
  expect(mountOf("/var/log/x", mounts)).toBe("/var");
  expect(mountOf("/various", mounts)).toBe("/");
  expect(mountOf("/mnt/my disk/a", mounts)).toBe("/mnt/my disk");
});

test("chrony's tracking line", () => {
  const line =
    "A29FC87B,162.159.200.123,4,1795478400.1,0.001500000,0.0002,0.0003,-10.1,0.01,0.2,0.010000000,0.002000000,64.2,Normal\n";
  expect(parseChrony(line)).toEqual({
    synchronized: true,
    offset_ms: 1.5,
    max_error_ms: 8.5,
    source: "chrony",
  });
  const lost = parseChrony("00000000,,0,0.0,0.000000000,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised");
  expect(lost).toMatchObject({ synchronized: false, offset_ms: null, max_error_ms: null });
  expect(() => parseChrony("506 Cannot talk to daemon")).toThrow("can't be read");
});

test("systemd's answer", () => {
  expect(parseSystemd("NTPSynchronized=yes\n").synchronized).toBe(true);
  expect(parseSystemd("NTPSynchronized=no\n").synchronized).toBe(false);
  expect(() => parseSystemd("")).toThrow();
});

test("listening sockets of IPv4 and IPv6, others left out", () => {
  const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when";
  const four = `${header}\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000\n   1: 0100007F:1F90 0100007F:D7AE 01 00000000:00000000 00:00000000\n`;
  expect(parseListening(four)).toEqual([{ address: "127.0.0.1", port: 8080, queued: 3 }]);
  const six = `${header}\n   0: 00000000000000000000000001000000:223D 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0\n`;
  expect(parseListening(six)).toEqual([{ address: "::1", port: 8765, queued: 0 }]);
});

test("the kernel's tables of names and numbers", () => {
  const text = "Ip: A B\nIp: 1 2\nTcp: OutSegs RetransSegs\nTcp: 40 5\nTcpExt: X\nTcpExt: 9\n";
  expect(Object.fromEntries(parseTable(text, "Tcp"))).toEqual({ OutSegs: 40, RetransSegs: 5 });
});

test("descriptors of several processes: the sum, and the limit of whoever is nearest to its own", () => {
  const part = (worker: string, used: number, softLimit: number) => ({
    worker,
    pid: 1,
    used,
    softLimit,
    hardLimit: 9_000,
    byKind: { socket: used, file: 0, pipe: 0, other: 0 },
  });
  const merged = mergeDescriptors([part("main", 10, 8_000), part("worker-1", 90, 100)]);
  expect(merged).toMatchObject({ used: 100, soft_limit: 100, by_kind: { socket: 100 } });
  expect(mergeDescriptors([part("main", 1, 2), { ...part("w", 1, 2), byKind: null }]).by_kind).toBeNull();
});

test("paths that don't exist yet lie where their folder will", async () => {
  const { readDisks } = await import("./disks");
  const { value } = await readDisks([{ held: "data", path: `${tmpdir()}/not/there/yet` }]);
  if (process.platform === "linux") expect(value?.some((disk) => disk.holds.includes("data"))).toBe(true);
});
