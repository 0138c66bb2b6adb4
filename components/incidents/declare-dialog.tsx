"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { RadioGroup } from "@/components/ui/radio";
import { Select } from "@/components/ui/select";
import { showToast } from "@/components/ui/toast";
import type { IncidentRequest } from "@/lib/contract/console-api";
import { useLiveStore } from "@/lib/live/live-context";
import { failureCode } from "@/lib/query/fetch-json";
import { createIncident } from "@/lib/query/incidents";
import { severities } from "./incident-marks";
import { ServerChoice } from "./server-choice";

const shortestTitle = 4;
/** Minutes before now. */
const starts = ["0", "5", "15", "30", "60"] as const;
const statuses = ["open", "monitoring"] as const;

export function DeclareDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("incidents");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const router = useRouter();
  const queries = useQueryClient();
  const store = useLiveStore();
  const [request, setRequest] = useState<IncidentRequest>({
    title: "",
    severity: "sev2",
    status: "open",
    serverIds: [],
  });
  const [started, setStarted] = useState<(typeof starts)[number]>("0");
  const set = (part: Partial<IncidentRequest>) => setRequest((before) => ({ ...before, ...part }));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      createIncident({
        ...request,
        title: request.title.trim(),
        ...(started === "0"
          ? {}
          : { startedAtMs: Math.floor(store.consoleNow() - Number(started) * 60_000) }),
      }),
    onSuccess(incident) {
      void queries.invalidateQueries({ queryKey: ["incidents"] });
      showToast({
        kind: "ok",
        title: t("toast.declared", { id: incident.id }),
        text: t("toast.declaredText"),
      });
      router.push(`/incidents/${incident.id}`);
    },
  });
  const ready = request.title.trim().length >= shortestTitle;
  return (
    <Dialog
      open
      width={600}
      title={t("dialog.title")}
      description={t("dialog.text")}
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          {error && (
            <p role="alert" className="mr-auto text-label text-crit">
              {t("dialog.failed")}. {errors(failureCode(error))}
            </p>
          )}
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button
            kind="primary"
            disabled={!ready}
            running={isPending && t("dialog.submitting")}
            onClick={() => mutate()}
          >
            {t("dialog.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5 pt-1">
        <TextField
          label={t("dialog.name")}
          help={t("dialog.nameHelp")}
          value={request.title}
          maxLength={200}
          autoFocus
          onChange={(event) => set({ title: event.target.value })}
        />
        <div>
          <p className="mb-1 text-label font-medium" aria-hidden>
            {t("dialog.severity")}
          </p>
          <RadioGroup
            inline
            label={t("dialog.severity")}
            value={request.severity}
            onChange={(severity) => set({ severity })}
            choices={severities.map((value) => ({
              value,
              label: common(`severity.${value}`),
              hint: t(`dialog.severityHint.${value}`),
            }))}
          />
        </div>
        <div className="flex flex-wrap gap-2">
          <Select
            label={t("dialog.status")}
            value={request.status}
            onChange={(status) => set({ status })}
            choices={statuses.map((value) => ({ value, label: common(`incidentStatus.${value}`) }))}
          />
          <Select
            label={t("dialog.started")}
            value={started}
            onChange={setStarted}
            choices={starts.map((value) => ({
              value,
              label:
                value === "0"
                  ? t("dialog.startedNow")
                  : t("dialog.startedAgo", { age: common("units.minute", { value }) }),
            }))}
          />
        </div>
        <ServerChoice chosen={request.serverIds} onChange={(serverIds) => set({ serverIds })} />
      </div>
    </Dialog>
  );
}
