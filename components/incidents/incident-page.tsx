"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { useCaller } from "@/components/shell/caller";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { Incident } from "@/lib/contract/console-api";
import { incidentQuery } from "@/lib/query/incidents";
import { AddNoteButton, IncidentView } from "./incident-view";
import { ReadAgainOnChange } from "./read-again-on-change";
import { LiveServerNames } from "./server-names";
import { timelineFilters } from "./timeline-kinds";
import { useChangeIncident } from "./use-change-incident";

const AddNoteDialog = dynamic(() => import("./add-note-dialog").then((m) => m.AddNoteDialog), { ssr: false });
const ResolveDialog = dynamic(() => import("./resolve-dialog").then((m) => m.ResolveDialog), { ssr: false });

/** Others add notes to the same incident. Whatever else changes is told by the live data. */
const readAgainMs = 30_000;

export function IncidentPage({ initial }: { initial: Incident }) {
  const t = useTranslations("incidents");
  const common = useTranslations("common");
  const caller = useCaller();
  const [filter, setFilter] = useQueryState("kind", parseAsStringLiteral(timelineFilters).withDefault("all"));
  const [open, setOpen] = useState<"note" | "resolve" | null>(null);
  const { data: incident = initial } = useQuery({
    ...incidentQuery(initial.id),
    initialData: initial,
    refetchInterval: initial.status === "resolved" ? false : readAgainMs,
    staleTime: readAgainMs,
  });
  const { change, saving } = useChangeIncident(incident);
  const mayChange = caller !== null && caller.role !== "viewer";
  const needsRole = mayChange ? null : common("needsRole", { role: common("role.operator") });
  const buttons = {
    resolved: incident.status === "resolved",
    needsRole,
    saving,
    onResolve: () => setOpen("resolve"),
    onReopen: () => change({ status: "open" }),
  };
  useShortcuts(
    mayChange ? [{ keys: ["n"], print: ["N"], label: t("keys.note"), run: () => setOpen("note") }] : [],
  );
  return (
    <LiveServerNames>
      <ReadAgainOnChange incidentId={initial.id} />
      <IncidentView
        incident={incident}
        caller={caller}
        filter={filter}
        onFilter={(next) => void setFilter(next)}
        addNote={
          <div className="max-md:hidden">
            <AddNoteButton
              needsRole={needsRole}
              hint={<Kbd className="ml-1">N</Kbd>}
              onClick={() => setOpen("note")}
            />
          </div>
        }
        footer={
          <footer className="mt-auto border-t px-5 py-3 max-md:hidden">
            <ResolveButton {...buttons} />
          </footer>
        }
        phoneFooter={
          <footer className="sticky bottom-0 flex gap-2 border-t bg-bg px-4 py-2.5 md:hidden [&>*]:flex-1">
            <Button
              size="touch"
              disabled={!mayChange}
              title={needsRole ?? undefined}
              onClick={() => setOpen("note")}
            >
              {t("timeline.addNote")}
            </Button>
            <ResolveButton {...buttons} size="touch" />
          </footer>
        }
      />
      {open === "note" && <AddNoteDialog incidentId={incident.id} onClose={() => setOpen(null)} />}
      {open === "resolve" && (
        <ResolveDialog incident={incident} cause={incident.cause} onClose={() => setOpen(null)} />
      )}
    </LiveServerNames>
  );
}

function ResolveButton(props: {
  resolved: boolean;
  needsRole: string | null;
  saving: boolean;
  onResolve: () => void;
  onReopen: () => void;
  size?: "touch";
}) {
  const t = useTranslations("incidents.page");
  return (
    <Button
      kind={props.resolved ? "neutral" : "primary"}
      size={props.size}
      disabled={props.needsRole !== null || props.saving}
      title={props.needsRole ?? undefined}
      onClick={props.resolved ? props.onReopen : props.onResolve}
    >
      {t(props.resolved ? "reopen" : "resolve")}
    </Button>
  );
}
