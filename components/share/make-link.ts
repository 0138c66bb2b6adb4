import type { CreatedLink, SnapshotRequest, SnapshotSummary } from "@/lib/contract/console-api";
import { createLink, createSnapshot } from "@/lib/query/snapshots";
import { expirySeconds, type LinkChoices } from "./link-choices";
import type { ShareSubject } from "./share-subject";

export interface MadeLink {
  url: string;
  /** The public link behind it; null for one that asks to sign in. */
  link: CreatedLink | null;
  /** Stored for this link, or for one made before of the same view; null for an incident. */
  snapshot: SnapshotSummary | null;
}

/** The view as it stands on screen at the moment of the click. */
export interface ViewOnScreen {
  path: string;
  fromMs: number;
  toMs: number;
  viewId?: string;
}

/**
 * Stores what is needed and makes the link. `stored` is the snapshot of the same view that this popover has
 * stored before: it is used again, so that a second link shows the same samples as the first.
 */
export async function makeLink(
  subject: ShareSubject,
  choices: LinkChoices,
  onScreen: ViewOnScreen,
  origin: string,
  stored: SnapshotSummary | null,
): Promise<MadeLink> {
  const snapshot =
    subject.kind === "view"
      ? (stored ?? (await createSnapshot(requestOf(subject, choices, onScreen))))
      : null;
  const target = targetOf(subject, snapshot);
  if (choices.audience === "signedIn") return { url: origin + pathOf(target), link: null, snapshot };
  const link = await createLink({
    target,
    expiresInSeconds: expirySeconds[choices.expiry],
    redaction: choices.redaction,
  });
  return { url: new URL(link.url, origin).href, link, snapshot };
}

export function requestOf(
  subject: Extract<ShareSubject, { kind: "view" }>,
  choices: LinkChoices,
  onScreen: ViewOnScreen,
): SnapshotRequest {
  const { incident } = choices;
  return {
    page: subject.page,
    ...(subject.serverId === null ? {} : { serverId: subject.serverId }),
    path: onScreen.path,
    fromMs: Math.max(0, Math.floor(onScreen.fromMs)),
    toMs: Math.floor(onScreen.toMs),
    ...(onScreen.viewId === undefined ? {} : { viewId: onScreen.viewId }),
    ...(incident.kind === "none" ? {} : { incident }),
  };
}

type Target = Parameters<typeof createLink>[0]["target"];

function targetOf(subject: ShareSubject, snapshot: SnapshotSummary | null): Target {
  if (subject.kind === "incident") return { kind: "incident", incidentId: subject.incidentId };
  if (subject.kind === "snapshot") return { kind: "snapshot", snapshotId: subject.snapshotId };
  if (!snapshot) throw new Error("a view is linked to by its snapshot");
  return { kind: "snapshot", snapshotId: snapshot.id };
}

function pathOf(target: Target): string {
  return target.kind === "incident"
    ? `/incidents/${encodeURIComponent(target.incidentId)}`
    : `/snapshots/${encodeURIComponent(target.snapshotId)}`;
}
