"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { useChangeIncident } from "./use-change-incident";

const shortestTitle = 4;

export function RenameIncident({ incident, onDone }: { incident: IncidentSummary; onDone: () => void }) {
  const t = useTranslations("incidents.page");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const [title, setTitle] = useState(incident.title);
  const { save, saving, error } = useChangeIncident(incident);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = title.trim();
    if (wanted !== incident.title) {
      try {
        await save({ title: wanted });
      } catch {
        // The field says why.
        return;
      }
    }
    onDone();
  }
  return (
    <form onSubmit={submit} className="flex max-w-2xl items-start gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          bare
          label={t("renameLabel")}
          value={title}
          maxLength={200}
          autoFocus
          error={error && `${t("changeFailed")}. ${errors(failureCode(error))}`}
          onChange={(event) => setTitle(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && onDone()}
        />
      </div>
      <Button
        type="submit"
        kind="primary"
        disabled={title.trim().length < shortestTitle}
        running={saving && t("saving")}
      >
        {t("save")}
      </Button>
      <Button onClick={onDone}>{common("cancel")}</Button>
    </form>
  );
}
