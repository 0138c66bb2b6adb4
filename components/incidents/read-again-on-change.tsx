"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useMarkers, useOpenIncidents } from "@/lib/live/live-context";

/** A leaf, since live data draws it often: reads an incident again when its head changed elsewhere, or an action was started or ended. */
export function ReadAgainOnChange({ incidentId }: { incidentId: string }): null {
  const queries = useQueryClient();
  const head = useOpenIncidents().find((incident) => incident.id === incidentId);
  const markers = useMarkers();
  const mark = JSON.stringify([head ?? null, markers.map(({ actionId, state }) => [actionId, state])]);
  const seen = useRef(mark);
  useEffect(() => {
    if (seen.current === mark) return;
    seen.current = mark;
    void queries.invalidateQueries({ queryKey: ["incident", incidentId] });
  }, [queries, incidentId, mark]);
  return null;
}
