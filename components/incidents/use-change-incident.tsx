"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { showToast } from "@/components/ui/toast";
import type { IncidentChange, IncidentSummary } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { changeIncident } from "@/lib/query/incidents";

/** Changes an incident at once; the toast takes it back. */
export function useChangeIncident(incident: IncidentSummary) {
  const t = useTranslations("incidents");
  const errors = useTranslations("errors");
  const queries = useQueryClient();
  const { mutate, mutateAsync, isPending, error } = useMutation({
    mutationFn: (change: IncidentChange) => changeIncident({ incidentId: incident.id, change }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["incident", incident.id] }),
        queries.invalidateQueries({ queryKey: ["incidents"] }),
      ]);
    },
  });

  function change(wanted: IncidentChange): void {
    const before = Object.fromEntries(
      Object.keys(wanted).map((field) => [field, incident[field as keyof IncidentSummary]]),
    ) as IncidentChange;
    mutate(wanted, {
      onSuccess: () =>
        showToast({
          kind: "ok",
          id: `incident-${incident.id}`,
          title: t("toast.changed", { id: incident.id }),
          action: (
            <Button size="small" onClick={() => mutate(before)}>
              {t("toast.undo")}
            </Button>
          ),
        }),
      onError: (failure) =>
        showToast({
          kind: "crit",
          title: t("page.changeFailed"),
          text: errors(failureCode(failure)),
        }),
    });
  }

  return { change, save: mutateAsync, saving: isPending, error };
}
