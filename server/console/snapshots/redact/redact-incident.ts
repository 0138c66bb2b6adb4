import type { Incident, TimelineEntry } from "../../../../lib/contract/console-api";
import { redactAction } from "./redact-action";
import { redactSnapshot, redactSnapshotSummary } from "./redact-snapshot";
import type { Scrubber } from "./scrubber";

/** An incident as a public link may show it; says where a text was left out, never what it said. */
export function redactIncident(incident: Incident, scrub: Scrubber): Incident {
  // Before anything else, so that the servers and people of its head have the lowest numbers.
  const serverIds = incident.serverIds.map((id) => scrub.server(id));
  const lead = scrub.user(incident.lead);
  for (const entry of [...incident.timeline].reverse()) scrub.user(entry.by);
  return {
    ...incident,
    serverIds,
    lead,
    title: scrub.text(incident.title),
    cause: scrub.text(incident.cause),
    snapshots: incident.snapshots.map((summary) => redactSnapshotSummary(summary, scrub)),
    snapshot: incident.snapshot && redactSnapshot(incident.snapshot, scrub),
    timeline: incident.timeline.map((entry) => redactEntry(entry, scrub)),
  };
}

function redactEntry(entry: TimelineEntry, scrub: Scrubber): TimelineEntry {
  const { notes } = scrub.redaction;
  const word = (value: string | number) => {
    if (typeof value === "number") return value;
    if (entry.kind === "lead") return scrub.user(value);
    return entry.kind === "title" ? scrub.text(value) : value;
  };
  return {
    ...entry,
    by: scrub.user(entry.by),
    text: notes || entry.text === null ? null : scrub.text(entry.text),
    hidden: notes && (entry.kind === "note" || entry.kind === "action"),
    params: Object.fromEntries(Object.entries(entry.params).map(([name, value]) => [name, word(value)])),
    action: entry.action && redactAction(entry.action, scrub),
  };
}
