"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import type { Incident } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { useChangeIncident } from "./use-change-incident";

export const longestCause = 4_000;

/** What was behind it, written in place by those who may. */
export function Cause({ incident, mayChange }: { incident: Incident; mayChange: boolean }) {
  const t = useTranslations("incidents.page");
  const [editing, setEditing] = useState(false);
  const written = incident.cause.trim() !== "";
  return (
    <section className="px-5 py-3">
      <header className="flex min-h-7 items-center justify-between gap-2">
        <h2 className="text-lead font-semibold">{t("cause")}</h2>
        {mayChange && !editing && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t(written ? "editCause" : "addCause")}
          </Button>
        )}
      </header>
      {editing ? (
        <CauseEditor incident={incident} onDone={() => setEditing(false)} />
      ) : (
        <p className="mt-1 whitespace-pre-line break-words text-text-2">
          {written ? incident.cause : t("noCause")}
        </p>
      )}
    </section>
  );
}

function CauseEditor({ incident, onDone }: { incident: Incident; onDone: () => void }) {
  const t = useTranslations("incidents.page");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const [cause, setCause] = useState(incident.cause);
  const { save, saving, error } = useChangeIncident(incident);
  async function keep(): Promise<void> {
    try {
      await save({ cause: cause.trim() });
      onDone();
    } catch {
      // The field says why.
    }
  }
  return (
    <div className="mt-1">
      <TextArea
        bare
        label={t("causeLabel")}
        rows={4}
        autoFocus
        value={cause}
        max={longestCause}
        error={error && `${t("changeFailed")}. ${errors(failureCode(error))}`}
        onChange={(event) => setCause(event.target.value)}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button size="small" onClick={onDone}>
          {common("cancel")}
        </Button>
        <Button size="small" kind="primary" running={saving && t("saving")} onClick={keep}>
          {t("save")}
        </Button>
      </div>
    </div>
  );
}
