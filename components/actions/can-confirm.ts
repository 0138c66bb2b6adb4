import type { ActionPreview } from "@/lib/contract/console-api";

export const shortestReason = 8;
export const longestReason = 200;
/** A preview that is older than this is no ground to act on. */
export const previewGoodMs = 10_000;
/** Above this share of a server's connections its name must be typed. */
const shareToTypeName = 0.25;

/** What still stands between the reader and the danger button; null when nothing does. */
export type Obstacle = "preview" | "nothing" | "mistakes" | "reason" | "name" | null;

/** Share of the server's connections that a clean-up would close; null where it can't be told. */
export function shareOfServer(preview: ActionPreview | null): number | null {
  if (!preview?.cleanup || !preview.activeConnections) return null;
  return preview.cleanup.candidates.total / preview.activeConnections;
}

export function mustTypeName(preview: ActionPreview | null): boolean {
  return (shareOfServer(preview) ?? 0) > shareToTypeName;
}

export function obstacleOf(form: {
  preview: ActionPreview | null;
  /** null while the preview of these very conditions is still to come. */
  previewAgeMs: number | null;
  reason: string;
  typedName: string;
  serverName: string;
}): Obstacle {
  const { preview } = form;
  if (!preview || form.previewAgeMs === null || form.previewAgeMs >= previewGoodMs) return "preview";
  if (preview.cleanup && preview.cleanup.candidates.total === 0) return "nothing";
  if (preview.reload && !preview.reload.valid) return "mistakes";
  if (preview.reload && preview.reload.changes.length === 0) return "nothing";
  const length = form.reason.trim().length;
  if (length < shortestReason || length > longestReason) return "reason";
  if (mustTypeName(preview) && form.typedName.trim() !== form.serverName) return "name";
  return null;
}
