"use client";

import dynamic from "next/dynamic";
import type { PublicView as View } from "@/lib/contract/console-api";
import { PublicBanner } from "./public-banner";
import { PublicShell } from "./public-shell";

const SnapshotView = dynamic(() => import("./snapshot-view").then((m) => m.SnapshotView));
const PublicIncident = dynamic(() =>
  import("@/components/incidents/public-incident").then((m) => m.PublicIncident),
);

/** What a public link opens. */
export function PublicView({ view, atMs }: { view: View; atMs: number }) {
  return (
    <PublicShell atMs={atMs} banner={<PublicBanner view={view} />} copyable>
      {view.incident && <PublicIncident incident={view.incident} atMs={atMs} />}
      {view.snapshot && <SnapshotView snapshot={view.snapshot} readOnly />}
    </PublicShell>
  );
}
