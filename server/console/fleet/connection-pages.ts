import { randomUUID } from "node:crypto";
import type { ConnectionsPage, ConnectionsPageQuery } from "../../../lib/contract/console-api";

export interface SeenPage {
  serverId: string;
  query: ConnectionsPageQuery;
  page: ConnectionsPage;
}

/** Pages that browsers were answered, kept for a while under their view ids. */
export interface ConnectionPages {
  keep(serverId: string, query: ConnectionsPageQuery, page: Omit<ConnectionsPage, "viewId">): ConnectionsPage;
  find(viewId: string): SeenPage | null;
}

const keptMs = 15 * 60_000;
const keptRows = 100_000;

export function createConnectionPages(now: () => number): ConnectionPages {
  const pages = new Map<string, SeenPage & { keptAtMs: number }>();
  let rows = 0;

  function drop(viewId: string, seen: SeenPage): void {
    pages.delete(viewId);
    rows -= seen.page.rows.length;
  }

  return {
    keep(serverId, query, answer) {
      const page = { ...answer, viewId: randomUUID() };
      pages.set(page.viewId, { serverId, query, page, keptAtMs: now() });
      rows += page.rows.length;
      for (const [viewId, seen] of pages) {
        if (viewId === page.viewId || (rows <= keptRows && now() - seen.keptAtMs <= keptMs)) break;
        drop(viewId, seen);
      }
      return page;
    },
    find(viewId) {
      const seen = pages.get(viewId);
      if (!seen || now() - seen.keptAtMs > keptMs) return null;
      // Used pages move to the end of the line.
      pages.delete(viewId);
      pages.set(viewId, seen);
      return { serverId: seen.serverId, query: seen.query, page: seen.page };
    },
  };
}
