"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  /** As `event.key` in lower case ("j", "enter", " ", "?"), or two in a row ("g f"). */
  keys: readonly string[];
  /** As printed on the keys: "J", "Space". */
  print: readonly string[];
  /** Lower case, since it stands behind its keys: "move", "open". */
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Keys of the page stand in the footer; those of every page only in the help. */
  scope?: "page" | "everywhere";
}

type Entry = readonly Shortcut[];
const groups = new Set<{ current: Entry }>();
const listeners = new Set<() => void>();
let flat: Entry = [];

function changed(): void {
  flat = [...groups].reverse().flatMap((group) => group.current);
  for (const listener of listeners) listener();
}

const nothing: Entry = [];
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Adds keys for as long as the component is there; the newest wins where two want the same. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const group = useRef<Entry>(shortcuts);
  const look = shortcuts.map((s) => `${s.print.join("+")} ${s.label} ${s.scope ?? ""}`).join("|");
  useEffect(() => {
    group.current = shortcuts;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: told again when what is printed changed
  useEffect(() => {
    groups.add(group);
    changed();
    return () => {
      groups.delete(group);
      changed();
    };
  }, [look]);
}

export function useAllShortcuts(): Entry {
  return useSyncExternalStore(
    subscribe,
    () => flat,
    () => nothing,
  );
}

const typing = "input, textarea, select, [contenteditable='true']";
const pressed = "button, a, summary, [role=menuitem], [role=checkbox], [role=switch], [role=radio]";
const sequenceMs = 1_200;

/** Listens for the keys; mounted once, by the shell. Single letters are off while a field has the focus. */
export function useShortcutListener(): void {
  useEffect(() => {
    let before: { key: string; atMs: number } | null = null;
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(typing) || document.querySelector("[role=dialog], [role=menu]")) return;
      const key = event.key.toLowerCase();
      if ((key === " " || key === "enter") && target?.closest(pressed)) return;
      const pair = before && event.timeStamp - before.atMs < sequenceMs ? `${before.key} ${key}` : null;
      before = { key, atMs: event.timeStamp };
      const live = [...groups].reverse().flatMap((group) => group.current);
      const found =
        live.find((shortcut) => pair !== null && shortcut.keys.includes(pair)) ??
        live.find((shortcut) => shortcut.keys.includes(key));
      if (!found) return;
      event.preventDefault();
      before = null;
      found.run(event);
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
