"use client";

import { MessageSquarePlus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { StorageNote } from "@/components/share/storage-note";
import type { ShellCaller } from "@/components/shell/caller";
import { FrozenPage } from "@/components/shell/frozen-page";
import { Button } from "@/components/ui/button";
import { PanelMessage } from "@/components/ui/panel";
import type { Incident } from "@/lib/contract/console-api";
import { IncidentCharts } from "./incident-charts";
import { IncidentHeader } from "./incident-header";
import { IncidentSide } from "./incident-side";
import { Timeline } from "./timeline";
import type { TimelineFilter } from "./timeline-kinds";

/** An incident as its page and its public link show it; `caller` is null where nothing can be changed. */
export function IncidentView(props: {
  incident: Incident;
  caller: ShellCaller | null;
  filter: TimelineFilter;
  onFilter: (filter: TimelineFilter) => void;
  headerAside?: ReactNode;
  /** Under the side column: the buttons that resolve it. */
  footer?: ReactNode;
  /** In reach of the thumb at the bottom of a phone. */
  phoneFooter?: ReactNode;
  addNote?: ReactNode;
}) {
  const { incident, caller } = props;
  const mayChange = caller !== null && caller.role !== "viewer";
  return (
    <>
      <div className="grid shrink-0 grow grid-cols-1 content-start xl:content-stretch xl:grid-cols-[minmax(0,1fr)_404px] xl:grid-rows-[auto_1fr]">
        <div className="min-w-0 xl:col-span-1 xl:border-r">
          <IncidentHeader incident={incident} caller={caller} aside={props.headerAside} />
          <Charts incident={incident} />
        </div>
        <aside className="flex flex-col border-t xl:row-span-2 xl:border-t-0 max-xl:order-3">
          <IncidentSide incident={incident} mayChange={mayChange} readOnly={caller === null} />
          {props.footer}
        </aside>
        <div className="min-w-0 xl:border-r">
          <Timeline
            timeline={incident.timeline}
            snapshots={incident.snapshots}
            filter={props.filter}
            onFilter={props.onFilter}
            readOnly={caller === null}
            aside={props.addNote}
          />
        </div>
      </div>
      {props.phoneFooter}
    </>
  );
}

function Charts({ incident }: { incident: Incident }) {
  const t = useTranslations("incidents.page");
  const { snapshot } = incident;
  if (!snapshot)
    return (
      <div className="flex justify-center border-b py-6">
        <PanelMessage
          state={{ kind: "empty", title: t("noCharts"), text: t("noChartsText", { id: incident.id }) }}
        />
      </div>
    );
  return (
    <FrozenPage snapshot={snapshot}>
      <IncidentCharts serverId={snapshot.serverId} />
      <div className="border-b px-5 py-2">
        <StorageNote fromMs={snapshot.fromMs} toMs={snapshot.toMs} stepMs={snapshot.samples.stepMs} />
      </div>
    </FrozenPage>
  );
}

export function AddNoteButton(props: { onClick: () => void; needsRole: string | null; hint: ReactNode }) {
  const t = useTranslations("incidents.timeline");
  return (
    <Button
      size="small"
      icon={<MessageSquarePlus size={14} aria-hidden />}
      disabled={props.needsRole !== null}
      title={props.needsRole ?? undefined}
      onClick={props.onClick}
    >
      {t("addNote")} {props.hint}
    </Button>
  );
}
