"use client";

import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { TextArea, TextField } from "@/components/ui/field";
import { useFormat } from "@/components/ui/use-format";
import type { ActionKind } from "@/lib/contract/console-api";
import { BlastRadius } from "./blast-radius";
import { longestReason, mustTypeName } from "./can-confirm";
import { CleanupSample } from "./cleanup-sample";
import type { Conditions } from "./conditions";
import { ConditionsEditor } from "./conditions-editor";
import { FailureNotice } from "./failure-notice";
import { PreviewFigures } from "./preview-figures";
import { ReloadDiff } from "./reload-diff";
import type { ActionFlow } from "./use-action-flow";
import { usePreviewFigures } from "./use-preview-figures";

/** Conditions, preview, blast radius and reason, in the order in which they are read. */
export function ActionForm(props: {
  kind: ActionKind;
  serverName: string;
  flow: ActionFlow;
  conditions: Conditions;
  onConditions: (conditions: Conditions) => void;
  reason: string;
  onReason: (reason: string) => void;
  reasonField: RefObject<HTMLTextAreaElement | null>;
  typedName: string;
  onTypedName: (name: string) => void;
}) {
  const t = useTranslations("actions");
  const format = useFormat();
  const { kind, flow } = props;
  const { preview } = flow;
  const figures = usePreviewFigures(kind, preview);
  return (
    <div className="-mx-5">
      {kind === "cleanup-connections" && (
        <div className="px-5 pb-3">
          <ConditionsEditor value={props.conditions} onChange={props.onConditions} />
        </div>
      )}
      <PreviewFigures
        figures={figures}
        previewId={preview?.previewId ?? null}
        asked={JSON.stringify(props.conditions)}
      />
      {flow.previewError !== null && (
        <div className="px-5 pt-3">
          <FailureNotice
            error={flow.previewError}
            title={t("preview.failed")}
            onRetry={flow.refreshPreview}
          />
        </div>
      )}
      <div className="grid border-b md:grid-cols-[minmax(0,1fr)_300px]">
        <div className="min-w-0 px-5 py-3">
          {kind === "cleanup-connections" && <CleanupSample result={preview?.cleanup ?? null} />}
          {kind === "reload-config" && <ReloadDiff result={preview?.reload ?? null} />}
          {kind === "force-gc" && <p className="text-text-2">{t("gc.what")}</p>}
        </div>
        <div className="min-w-0 border-t px-5 py-3 md:border-t-0 md:border-l">
          <BlastRadius kind={kind} preview={preview} ageMs={flow.previewAgeMs} />
        </div>
      </div>
      <div className="flex flex-col gap-3 px-5 pt-3">
        <TextArea
          ref={props.reasonField}
          label={t("reason.label")}
          help={t("reason.help")}
          value={props.reason}
          max={longestReason}
          onChange={(event) => props.onReason(event.target.value.replaceAll("\n", " "))}
          // Enter alone does nothing: a reason is one line, and confirming needs the modifier as well.
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
        {mustTypeName(preview) && (
          <TextField
            label={t("name.label", { server: props.serverName })}
            help={t("name.help", {
              percent: format.percent(
                (preview?.cleanup?.candidates.total ?? 0) / (preview?.activeConnections ?? 1),
              ),
            })}
            value={props.typedName}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => props.onTypedName(event.target.value)}
          />
        )}
        {flow.runError !== null && <FailureNotice error={flow.runError} title={t("runFailed")} />}
      </div>
    </div>
  );
}
