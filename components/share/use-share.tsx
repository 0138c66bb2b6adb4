"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { showToast } from "@/components/ui/toast";
import { useFormat } from "@/components/ui/use-format";
import type { SnapshotSummary } from "@/lib/contract/console-api";
import { useLiveStore } from "@/lib/live/live-context";
import { copyText } from "./copy-text";
import type { LinkChoices } from "./link-choices";
import { type MadeLink, makeLink, type ViewOnScreen } from "./make-link";
import { useCurrentShareScope } from "./share-scope";
import type { ShareSubject } from "./share-subject";
import { useRevokeLink } from "./use-revoke-link";

/** Makes the link that was chosen, copies it and says so. `onNotCopied` is called with the link on screen. */
export function useShare(subject: ShareSubject, choices: LinkChoices, onNotCopied: () => void) {
  const tell = useTellOfLink();
  const store = useLiveStore();
  const scope = useCurrentShareScope();
  const queries = useQueryClient();
  const stored = useRef<{ snapshot: SnapshotSummary; incident: string } | null>(null);
  const [made, setMade] = useState<{ url: string; choices: string; copied: boolean } | null>(null);
  const chosen = JSON.stringify(choices);

  const { mutate, isPending, error } = useMutation({
    mutationFn: async (onScreen: ViewOnScreen): Promise<MadeLink & { copied: boolean }> => {
      const incident = JSON.stringify(choices.incident);
      const again = stored.current?.incident === incident ? stored.current.snapshot : null;
      const link = makeLink(subject, choices, onScreen, location.origin, again);
      const copied = await copyText(link.then(({ url }) => url));
      return { ...(await link), copied };
    },
    onSuccess(link) {
      if (link.snapshot)
        stored.current = { snapshot: link.snapshot, incident: JSON.stringify(choices.incident) };
      setMade({ url: link.url, choices: chosen, copied: link.copied });
      tell(link);
      if (link.link) void queries.invalidateQueries({ queryKey: ["links"] });
      const incidentId = link.snapshot?.incidentId;
      if (incidentId) {
        void queries.invalidateQueries({ queryKey: ["incidents"] });
        void queries.invalidateQueries({ queryKey: ["incident", incidentId] });
      }
    },
  });

  const current = made?.choices === chosen ? made : null;
  const notCopied = current !== null && !current.copied;
  const select = useRef(onNotCopied);
  select.current = onNotCopied;
  useEffect(() => {
    if (notCopied) select.current();
  }, [notCopied]);

  return {
    url: current?.url ?? null,
    copied: current?.copied ?? false,
    making: isPending,
    error,
    copyLink() {
      const { windowEndMs, rangeMs } = store.scene();
      mutate({
        path: location.pathname + location.search,
        ...(scope?.window ?? { fromMs: windowEndMs - rangeMs, toMs: windowEndMs }),
        ...(scope?.viewId === undefined ? {} : { viewId: scope.viewId }),
      });
    },
  };
}

function useTellOfLink() {
  const t = useTranslations("share");
  const format = useFormat();
  const router = useRouter();
  const revoke = useRevokeLink();
  return ({ link, snapshot, copied }: MadeLink & { copied: boolean }) => {
    const incidentId = snapshot?.incidentId;
    const whom = link
      ? t("toast.public", { time: format.dateTime(link.expiresAtMs) })
      : incidentId
        ? t("toast.signedInIncident", { id: incidentId })
        : t("toast.signedIn");
    showToast({
      kind: copied ? "ok" : "warn",
      id: "share",
      title: t(copied ? "toast.copied" : "toast.made"),
      text: copied ? whom : t("toast.madeText"),
      action: link ? (
        <Button size="small" onClick={() => revoke.mutate(link.id)}>
          {t("links.revoke")}
        </Button>
      ) : incidentId ? (
        <Button size="small" onClick={() => router.push(`/incidents/${incidentId}`)}>
          {t("toast.view", { id: incidentId })}
        </Button>
      ) : undefined,
    });
  };
}
