import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  Incident,
  IncidentChange,
  IncidentList,
  IncidentRequest,
  IncidentSummary,
  IncidentsQuery,
  TimelineEntry,
} from "../contract/console-api";
import { fetchJson, queryString } from "./fetch-json";

const incidentPath = (incidentId: string) => `/api/incidents/${encodeURIComponent(incidentId)}`;

export const incidentsQuery = (query: Partial<IncidentsQuery> = {}) =>
  queryOptions({
    queryKey: ["incidents", query],
    queryFn: ({ signal }) => fetchJson<IncidentList>(`/api/incidents${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const incidentQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ["incident", incidentId],
    queryFn: ({ signal }) => fetchJson<Incident>(incidentPath(incidentId), { signal }),
  });

export function createIncident(request: IncidentRequest): Promise<IncidentSummary> {
  return fetchJson("/api/incidents", { method: "POST", body: request });
}

export function changeIncident(input: {
  incidentId: string;
  change: IncidentChange;
}): Promise<IncidentSummary> {
  return fetchJson(incidentPath(input.incidentId), { method: "PATCH", body: input.change });
}

export function addNote(input: { incidentId: string; text: string }): Promise<TimelineEntry> {
  return fetchJson(`${incidentPath(input.incidentId)}/notes`, { method: "POST", body: { text: input.text } });
}
