import { randomUUID } from "node:crypto";
import type { ActionKind, ActionPreview, CleanupMatch } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";

export interface KeptPreview {
  preview: ActionPreview;
  match: CleanupMatch | null;
}

export interface Previews {
  keep(preview: Omit<ActionPreview, "previewId">, match: CleanupMatch | null): ActionPreview;
  /** Throws PREVIEW_OUTDATED for one that is older, of another server or action, or was used already. */
  find(previewId: string, serverId: string, kind: ActionKind): KeptPreview;
  /** A preview is good for one action: a second click asks for a second look. */
  use(previewId: string): void;
}

export function createPreviews(now: () => number, keptMs = 60_000): Previews {
  const kept = new Map<string, KeptPreview>();
  const outdated = (atMs: number) => now() - atMs > keptMs;
  return {
    keep(preview, match) {
      for (const [id, old] of kept) if (outdated(old.preview.atMs)) kept.delete(id);
      const whole = { previewId: randomUUID(), ...preview };
      kept.set(whole.previewId, { preview: whole, match });
      return whole;
    },
    find(previewId, serverId, kind) {
      const found = kept.get(previewId);
      if (!found || outdated(found.preview.atMs)) throw outdatedError();
      if (found.preview.serverId !== serverId || found.preview.kind !== kind) throw outdatedError();
      return found;
    },
    use: (previewId) => void kept.delete(previewId),
  };
}

function outdatedError(): CodedError {
  return new CodedError("PREVIEW_OUTDATED", "the preview is no longer kept: preview again");
}
