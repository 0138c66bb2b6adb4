"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Kbd } from "@/components/ui/badge";
import { ServerStatus } from "@/components/ui/status";
import { worstFirst } from "@/lib/health";
import { useFleet } from "@/lib/live/live-context";
import { useShortcuts } from "./shortcuts";

const most = 8;

/** Finds a server by name, label or region and goes to it. */
export function ServerSearch() {
  const t = useTranslations("shell");
  const router = useRouter();
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const { servers } = useFleet();
  useShortcuts([
    {
      keys: ["/"],
      print: ["/"],
      label: t("keys.search"),
      scope: "everywhere",
      run: () => field.current?.focus(),
    },
  ]);

  const found = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    if (!open) return [];
    return servers
      .filter((server) =>
        [server.id, server.name, server.region, ...Object.values(server.labels)].some((text) =>
          text.toLowerCase().includes(wanted),
        ),
      )
      .sort(worstFirst)
      .slice(0, most);
  }, [servers, query, open]);

  function go(serverId: string): void {
    setOpen(false);
    setQuery("");
    field.current?.blur();
    router.push(`/servers/${encodeURIComponent(serverId)}`);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      setOpen(false);
      field.current?.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.min(Math.max(0, now + step), Math.max(0, found.length - 1)));
    } else if (event.key === "Enter") {
      const server = found[at];
      if (server) go(server.id);
    }
  }

  return (
    <div className="relative w-full max-w-[330px]">
      <Search size={15} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-text-3" />
      <input
        ref={field}
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && found[at] ? `${list}-${at}` : undefined}
        value={query}
        placeholder={t("search.placeholder")}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-control border border-line-2 bg-surface-1 pr-9 pl-8 placeholder:text-text-3"
      />
      <Kbd className="pointer-events-none absolute top-[7px] right-2">/</Kbd>
      {open && (
        <div
          id={list}
          role="listbox"
          aria-label={t("search.results")}
          className="absolute inset-x-0 top-9 z-50 animate-float-in rounded-menu bg-surface-3 p-1.5 shadow-float"
        >
          {found.length === 0 && (
            <p className="px-2 py-1.5 text-text-2">{t("search.empty", { query: query.trim() })}</p>
          )}
          {found.map((server, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
            <div
              key={server.id}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === at}
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onMouseEnter={() => setAt(i)}
              onClick={() => go(server.id)}
              className="flex h-8 cursor-pointer items-center gap-2 rounded-small px-2 aria-selected:bg-highlight"
            >
              <span className="truncate font-medium">{server.name}</span>
              <span className="text-label text-text-3">{server.region}</span>
              <ServerStatus state={server.state} className="ml-auto text-label" />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
