"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { type FleetGroup, heldOrder, idsOf } from "./fleet-order";

/**
 * Keeps rows where they are while the pointer or the keyboard is on them. `changed` says that a newer order
 * waits; it comes when both have left, when it is applied, or at once when what is asked for (`asked`) changed.
 */
export function useHeldOrder(fresh: FleetGroup[], asked: string) {
  const [holding, setHolding] = useState({ pointer: false, focus: false });
  const held = useRef<{ ids: string[]; asked: string } | null>(null);
  const [, apply] = useState(0);
  const hold = holding.pointer || holding.focus;
  const freshIds = useMemo(() => idsOf(fresh), [fresh]);
  if (!hold || held.current?.asked !== asked) held.current = { ids: freshIds, asked };
  const ids = held.current.ids;
  const groups = useMemo(() => (hold ? heldOrder(fresh, ids) : fresh), [hold, fresh, ids]);
  const changed = useMemo(() => idsOf(groups).join("\n") !== freshIds.join("\n"), [groups, freshIds]);
  const applyOrder = useCallback(() => {
    held.current = null;
    apply((turn) => turn + 1);
  }, []);
  const hands = useMemo(
    () => ({
      onPointerEnter: () => setHolding((now) => ({ ...now, pointer: true })),
      onPointerLeave: () => setHolding((now) => ({ ...now, pointer: false })),
      onFocus: () => setHolding((now) => ({ ...now, focus: true })),
      onBlur: () => setHolding((now) => ({ ...now, focus: false })),
    }),
    [],
  );
  return { groups, changed, applyOrder, hands };
}
