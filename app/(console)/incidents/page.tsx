import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { IncidentsPage } from "@/components/incidents/incidents-page";
import { queryKeyOf } from "@/components/incidents/query-key";
import { incidentsQuerySchema } from "@/lib/contract/console-api";
import { LivePage } from "@/lib/live/live-context";
import { requireCaller } from "@/server/console/auth/current-caller";
import { runtime } from "@/server/console/runtime";

const fields = ["q", "severity", "status", "offset"] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("incidents"))("title") };
}

export default async function Page(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  await requireCaller();
  const asked = await props.searchParams;
  const given = Object.fromEntries(
    fields.flatMap((field) =>
      typeof asked[field] === "string" && asked[field] ? [[field, asked[field]]] : [],
    ),
  );
  const parsed = incidentsQuerySchema.safeParse(given);
  const query = parsed.success ? parsed.data : incidentsQuerySchema.parse({});
  return (
    <LivePage view={{ kind: "shell" }}>
      <IncidentsPage initial={await runtime().incidents.list(query)} initialKey={queryKeyOf(query)} />
    </LivePage>
  );
}
