"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/field";
import { showToast } from "@/components/ui/toast";
import { useFormat } from "@/components/ui/use-format";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { longestCause } from "./cause";
import { useChangeIncident } from "./use-change-incident";

/** Resolving asks for the cause, because that is when it is known best. */
export function ResolveDialog(props: { incident: IncidentSummary; cause: string; onClose: () => void }) {
  const t = useTranslations("incidents");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const format = useFormat();
  const { incident, onClose } = props;
  const [cause, setCause] = useState(props.cause);
  const { save, saving, error } = useChangeIncident(incident);
  async function resolve(): Promise<void> {
    try {
      const after = await save({ status: "resolved", ...(cause === props.cause ? {} : { cause }) });
      showToast({
        kind: "ok",
        id: `incident-${incident.id}`,
        title: t("toast.resolved", { id: incident.id }),
        text: t("toast.resolvedText", {
          duration: format.duration((after.resolvedAtMs ?? after.startedAtMs) - after.startedAtMs),
        }),
      });
      onClose();
    } catch {
      // The dialog says why and stays.
    }
  }
  return (
    <Dialog
      open
      width={560}
      title={t("resolveDialog.title", { id: incident.id })}
      description={t("resolveDialog.text")}
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button kind="primary" running={saving && t("resolveDialog.submitting")} onClick={resolve}>
            {t("resolveDialog.submit")}
          </Button>
        </>
      }
    >
      <TextArea
        label={t("resolveDialog.cause")}
        help={t("resolveDialog.causeHelp")}
        rows={4}
        value={cause}
        max={longestCause}
        error={error && `${t("resolveDialog.failed")}. ${errors(failureCode(error))}`}
        onChange={(event) => setCause(event.target.value)}
      />
    </Dialog>
  );
}
