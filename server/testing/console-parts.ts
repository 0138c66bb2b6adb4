import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActions } from "../console/actions/actions";
import { createAudit } from "../console/audit/audit";
import { createFleet } from "../console/fleet/create-fleet";
import { createIncidents } from "../console/incidents/incidents";
import type { Caller } from "../console/runtime";
import { createLinks } from "../console/snapshots/links";
import { createSnapshots } from "../console/snapshots/snapshots";
import { openStore } from "../console/storage/open-store";
import { silentLogger } from "./silent-logger";
import { until } from "./until";

export const operator: Caller = { userId: "u-1", name: "olga", role: "operator", sessionId: "s-1" };
export const viewer: Caller = { userId: "u-2", name: "vito", role: "viewer", sessionId: "s-2" };

/** A clock that runs on and can be set forward. */
export function movableClock() {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    forward(ms: number) {
      offsetMs += ms;
    },
  };
}

/**
 * The parts of the console behind acting and sharing, on a real store in a folder of its own and a real fleet
 * that polls the given members. `folder` opens an earlier one again, as a restart of the console does.
 */
export async function startConsoleParts(
  members: { id: string; name?: string; region?: string; adminUrl: string }[],
  options: { folder?: string; now?: () => number; settleMs?: number } = {},
) {
  const now = options.now ?? Date.now;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "wirewatch-parts-"));
  const fleetFile = join(folder, "fleet.yaml");
  const servers = members.map(({ id, name, region, adminUrl }) => ({
    id,
    name: name ?? id,
    labels: region ? { region } : {},
    admin_url: adminUrl,
  }));
  writeFileSync(fleetFile, JSON.stringify({ servers }));

  const lines: string[] = [];
  const logger = silentLogger(lines);
  const db = await openStore(folder);
  const audit = createAudit(db, now);
  const incidents = createIncidents({ db, audit, logger, now });
  const fleet = createFleet({
    pollIntervalMs: 100,
    fleetFile,
    bundledMember: null,
    fleetName: "test fleet",
    environment: "test",
    logger,
    now,
    actions: { markers: (fromMs) => actions.markers(fromMs) },
    incidents,
  });
  const timing = { pollMs: 10, afterMs: 3_000, settleMs: options.settleMs ?? 300_000 };
  const actions = createActions({ db, audit, fleet, logger, now, timing });
  const snapshots = createSnapshots({ db, audit, fleet, actions, incidents, logger, now });
  const links = createLinks({
    db,
    audit,
    fleet,
    incidents,
    logger,
    now,
    publicUrl: "https://watch.example.test/",
  });
  await incidents.refresh();
  await actions.start();
  fleet.start();
  return {
    folder,
    lines,
    db,
    audit,
    incidents,
    fleet,
    actions,
    snapshots,
    links,
    /** Until every member has told its figures twice, so that rates are there as well. */
    sampled: () =>
      until("every server has samples", () =>
        members.every(({ id }) => typeof fleet.latest(id).messages_out_per_second === "number"),
      ),
    /** `keep` leaves the folder for a later start. */
    async stop({ keep = false } = {}) {
      await actions.stop();
      await fleet.stop();
      await db.destroy();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type ConsoleParts = Awaited<ReturnType<typeof startConsoleParts>>;
