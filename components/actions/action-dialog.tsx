"use client";

import { useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import type { ActionKind, CleanupMatch } from "@/lib/contract/console-api";
import { useServer } from "@/lib/live/live-context";
import { ActionForm } from "./action-form";
import { ActionResult, ActionResultFooter, ActionResultTitle, useActionDuration } from "./action-result";
import { type Conditions, conditionsOf, matchOf } from "./conditions";
import { ConfirmFooter } from "./confirm-footer";
import { useActionFlow } from "./use-action-flow";

/** One action: what it would do, why, and, in the same place, what it did. */
export function ActionDialog(props: {
  kind: ActionKind;
  match?: CleanupMatch;
  serverId: string;
  serverName: string;
  onClose: () => void;
}) {
  const t = useTranslations("actions");
  const { kind, serverId, serverName, onClose } = props;
  const [conditions, setConditions] = useState<Conditions>(() => conditionsOf(props.match));
  const match = useMemo(
    () => (kind === "cleanup-connections" ? matchOf(conditions) : undefined),
    [kind, conditions],
  );
  const [reason, setReason] = useState("");
  const [typedName, setTypedName] = useState("");
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const flow = useActionFlow(serverId, kind, match);
  const live = useServer(serverId);
  const duration = useActionDuration(flow.action);

  if (flow.action) {
    return (
      <Dialog
        open
        width={560}
        onOpenChange={(open) => !open && onClose()}
        title={<ActionResultTitle action={flow.action} serverName={serverName} />}
        aside={duration}
        footer={<ActionResultFooter action={flow.action} serverName={serverName} onDone={onClose} />}
      >
        <ActionResult action={flow.action} latest={live?.latest ?? null} />
      </Dialog>
    );
  }

  const form = { ...flow, reason, typedName, serverName };
  const confirm = () =>
    flow.run({
      reason: reason.trim(),
      ...(typedName.trim() === "" ? {} : { confirmName: typedName.trim() }),
    });
  return (
    <Dialog
      open
      width={kind === "force-gc" ? 640 : 840}
      onOpenChange={(open) => !open && onClose()}
      title={t(`title.${kind}`, { server: serverName })}
      description={t(`what.${kind}`)}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        reasonField.current?.focus();
      }}
      footer={<ConfirmFooter kind={kind} form={form} onConfirm={confirm} onCancel={onClose} />}
    >
      <ActionForm
        kind={kind}
        serverName={serverName}
        flow={flow}
        conditions={conditions}
        onConditions={setConditions}
        reason={reason}
        onReason={setReason}
        reasonField={reasonField}
        typedName={typedName}
        onTypedName={setTypedName}
      />
    </Dialog>
  );
}
