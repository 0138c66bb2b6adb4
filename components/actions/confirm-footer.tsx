"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent } from "react";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { useFormat } from "@/components/ui/use-format";
import type { ActionKind } from "@/lib/contract/console-api";
import { type Obstacle, obstacleOf, shortestReason } from "./can-confirm";
import type { ActionFlow } from "./use-action-flow";

/** Cancel and the one button that acts, with what still stands in its way. */
export function ConfirmFooter(props: {
  kind: ActionKind;
  form: ActionFlow & { reason: string; typedName: string; serverName: string };
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const t = useTranslations("actions");
  const common = useTranslations("common");
  const format = useFormat();
  const { kind, form } = props;
  const obstacle = obstacleOf(form);
  const ready = obstacle === null && !form.sending;

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.repeat) return;
    event.preventDefault();
    if (ready) props.onConfirm();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  const count = form.preview?.cleanup?.candidates.total ?? form.preview?.reload?.changes.length ?? null;
  return (
    <>
      <p className="mr-auto min-w-0 text-label text-text-2" aria-live="polite">
        <ObstacleWords obstacle={obstacle} kind={kind} />
      </p>
      <Button onClick={props.onCancel}>
        {common("cancel")}
        <Kbd className="max-sm:hidden">Esc</Kbd>
      </Button>
      <Button
        kind={kind === "cleanup-connections" ? "danger" : "primary"}
        disabled={!ready}
        running={form.sending && t("sending")}
        onClick={props.onConfirm}
      >
        {count === null || count === 0
          ? t(`confirm.${kind}.unknown`, { server: form.serverName })
          : t(`confirm.${kind}.known`, { count, number: format.number(count), server: form.serverName })}
        <Kbd className="border-current! text-inherit! max-sm:hidden">{confirmKey()}</Kbd>
      </Button>
    </>
  );
}

function ObstacleWords({ obstacle, kind }: { obstacle: Obstacle; kind: ActionKind }) {
  const t = useTranslations("actions.obstacle");
  if (obstacle === null) return null;
  if (obstacle === "nothing") return t(`nothing.${kind}`);
  return t(obstacle, { count: shortestReason });
}

function confirmKey(): string {
  return navigator.platform.startsWith("Mac") ? "⌘↵" : "Ctrl ↵";
}
