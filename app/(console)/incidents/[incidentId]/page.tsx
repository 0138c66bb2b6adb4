import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { IncidentPage } from "@/components/incidents/incident-page";
import type { Incident } from "@/lib/contract/console-api";
import { isCodedError } from "@/lib/errors";
import { LivePage } from "@/lib/live/live-context";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

interface Props {
  params: Promise<{ incidentId: string }>;
}

const find = cache(async (incidentId: string): Promise<Incident | null> => {
  try {
    return await runtime().incidents.find(incidentId);
  } catch (error) {
    if (isCodedError(error) && error.code === "UNKNOWN_INCIDENT") return null;
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireCaller();
  const incident = await find((await params).incidentId);
  return incident ? { title: `${incident.id} ${incident.title}` } : {};
}

export default async function Page({ params }: Props) {
  await requireCaller();
  const incident = await find((await params).incidentId);
  if (!incident) notFound();
  return (
    <LivePage view={{ kind: "shell" }}>
      <IncidentPage key={incident.id} initial={incident} />
    </LivePage>
  );
}
