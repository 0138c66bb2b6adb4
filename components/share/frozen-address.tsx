"use client";

import { unstable_createAdapterProvider as createAdapterProvider } from "nuqs/adapters/custom";
import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from "react";

interface Memory {
  searchParams: URLSearchParams;
  snapshot: () => URLSearchParams;
  update: (next: URLSearchParams) => void;
}

const MemoryContext = createContext<Memory | null>(null);

const MemoryAdapter = createAdapterProvider(() => {
  const memory = useContext(MemoryContext);
  if (!memory) throw new Error("filters of a stored view are read inside FrozenAddress only");
  return {
    searchParams: memory.searchParams,
    getSearchParamsSnapshot: memory.snapshot,
    updateUrl: memory.update,
    // What is written here alone must not stay queued for the page that comes after.
    autoResetQueueOnUpdate: true,
  };
});

/**
 * Views read their filters from the address. A stored view has another address than the one it was taken
 * of: inside this they read that one, and what the reader filters further stays in memory.
 */
export function FrozenAddress({ path, children }: { path: string; children: ReactNode }) {
  const [searchParams, setSearchParams] = useState(() => new URLSearchParams(path.split("?")[1] ?? ""));
  const newest = useRef(searchParams);
  const memory = useMemo<Memory>(
    () => ({
      searchParams,
      snapshot: () => newest.current,
      update(next) {
        newest.current = next;
        setSearchParams(next);
      },
    }),
    [searchParams],
  );
  return (
    <MemoryContext value={memory}>
      <MemoryAdapter>{children}</MemoryAdapter>
    </MemoryContext>
  );
}
