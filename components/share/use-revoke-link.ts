"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { showToast } from "@/components/ui/toast";
import { failureCode } from "@/lib/query/fetch-json";
import { revokeLink } from "@/lib/query/snapshots";

/** Revokes a public link by its id and says what is true now. */
export function useRevokeLink() {
  const t = useTranslations("share");
  const errors = useTranslations("errors");
  const queries = useQueryClient();
  return useMutation({
    mutationFn: revokeLink,
    onSuccess() {
      showToast({ kind: "ok", id: "share", title: t("toast.revoked"), text: t("toast.revokedText") });
      return queries.invalidateQueries({ queryKey: ["links"] });
    },
    onError(error) {
      showToast({ kind: "crit", title: t("toast.revokeFailed"), text: errors(failureCode(error)) });
    },
  });
}
