import type { Redaction, Severity } from "@/lib/contract/console-api";

export type Audience = "signedIn" | "anyone";

export const expirySeconds = { "1h": 3_600, "24h": 86_400, "7d": 7 * 86_400, "30d": 30 * 86_400 } as const;
export type Expiry = keyof typeof expirySeconds;
export const expiries = Object.keys(expirySeconds) as Expiry[];

export type IncidentChoice =
  | { kind: "none" }
  | { kind: "new"; title: string; severity: Severity; status: "open" | "monitoring" }
  | { kind: "add"; incidentId: string };

/** All that is chosen in the Share popover. */
export interface LinkChoices {
  audience: Audience;
  expiry: Expiry;
  redaction: Redaction;
  incident: IncidentChoice;
}

/** People stay out of what strangers may read unless the sender says otherwise; servers are what it is about. */
export const firstChoices: LinkChoices = {
  audience: "signedIn",
  expiry: "7d",
  redaction: { clientIps: true, userNames: true, serverNames: false, notes: true },
  incident: { kind: "none" },
};

export const shortestTitle = 4;

export function canMake(choices: LinkChoices): boolean {
  const { incident } = choices;
  return incident.kind !== "new" || incident.title.trim().length >= shortestTitle;
}
