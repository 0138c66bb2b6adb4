"use client";

import { useTranslations } from "next-intl";
import { Checkbox } from "@/components/ui/checkbox";
import { TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Severity } from "@/lib/contract/console-api";
import { useOpenIncidents } from "@/lib/live/live-context";
import type { IncidentChoice } from "./link-choices";

const severities: readonly Severity[] = ["sev1", "sev2", "sev3"];
const statuses = ["open", "monitoring"] as const;

/** Whether the snapshot opens an incident, joins one that is open, or stands alone. */
export function IncidentChoiceFields(props: {
  choice: IncidentChoice;
  onChange: (choice: IncidentChoice) => void;
  /** Names the role that is missing; null for those who may. */
  needsRole: string | null;
}) {
  const t = useTranslations("share.incident");
  const common = useTranslations("common");
  const openIncidents = useOpenIncidents();
  const { choice, onChange } = props;
  const barred = props.needsRole !== null;
  const newest = openIncidents[0];
  return (
    <div className="flex flex-col gap-1">
      <Checkbox
        checked={choice.kind === "new"}
        disabled={barred}
        onChange={(on) =>
          onChange(on ? { kind: "new", title: "", severity: "sev2", status: "open" } : { kind: "none" })
        }
      >
        {t("open")}
      </Checkbox>
      {choice.kind === "new" && (
        <div className="mb-2 ml-6 flex flex-col gap-2">
          <TextField
            label={t("name")}
            help={t("nameHelp")}
            value={choice.title}
            maxLength={200}
            // The reader has just asked for the field.
            autoFocus
            onChange={(event) => onChange({ ...choice, title: event.target.value })}
          />
          <div className="flex flex-wrap gap-2">
            <Select
              label={t("severity")}
              value={choice.severity}
              onChange={(severity) => onChange({ ...choice, severity })}
              choices={severities.map((value) => ({ value, label: common(`severity.${value}`) }))}
            />
            <Select
              label={t("status")}
              value={choice.status}
              onChange={(status) => onChange({ ...choice, status })}
              choices={statuses.map((value) => ({ value, label: common(`incidentStatus.${value}`) }))}
            />
          </div>
        </div>
      )}
      {newest && (
        <Checkbox
          checked={choice.kind === "add"}
          disabled={barred}
          onChange={(on) => onChange(on ? { kind: "add", incidentId: newest.id } : { kind: "none" })}
        >
          {t("add")}
        </Checkbox>
      )}
      {choice.kind === "add" && (
        <div className="mb-1 ml-6">
          <Select
            bare
            label={t("which")}
            value={choice.incidentId}
            onChange={(incidentId) => onChange({ kind: "add", incidentId })}
            choices={openIncidents.map(({ id, title, severity }) => ({
              value: id,
              label: `${id} ${title}`,
              hint: common(`severity.${severity}`),
            }))}
          />
        </div>
      )}
      {barred && <p className="ml-6 text-label text-text-3">{props.needsRole}</p>}
    </div>
  );
}
