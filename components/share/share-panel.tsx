"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { ShellCaller } from "@/components/shell/caller";
import { Button, IconButton } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { RadioGroup } from "@/components/ui/radio";
import { failureCode } from "@/lib/query/fetch-json";
import { CopyIcon } from "./copy-icon";
import { IncidentChoiceFields } from "./incident-choice-fields";
import { type Audience, canMake, firstChoices, type LinkChoices } from "./link-choices";
import { LiveLinks } from "./live-links";
import { PublicLinkFields } from "./public-link-fields";
import type { ShareSubject } from "./share-subject";
import { useShare } from "./use-share";

const section = "-mx-4 border-line-2 border-t px-4 py-3";

/** What the Share button opens. The first click opened it, the second makes the link and copies it. */
export function SharePanel(props: {
  subject: ShareSubject;
  title: string;
  caller: ShellCaller;
  onClose: () => void;
}) {
  const t = useTranslations("share");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const [choices, setChoices] = useState<LinkChoices>(firstChoices);
  const change = (part: Partial<LinkChoices>) => setChoices((before) => ({ ...before, ...part }));
  const field = useRef<HTMLInputElement>(null);
  const share = useShare(props.subject, choices, () => field.current?.select());
  const mayPublish = props.caller.role !== "viewer";
  const needsRole = common("needsRole", { role: common("role.operator") });
  const hint = { view: "hintView", snapshot: "hintSnapshot", incident: "hintIncident" } as const;
  return (
    <div>
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="text-lead font-semibold">{props.title}</h2>
          <p className="text-label text-text-2">{t(hint[props.subject.kind])}</p>
        </div>
        <IconButton label={t("close")} size="small" onClick={props.onClose}>
          <X size={15} aria-hidden />
        </IconButton>
      </div>
      <div className="mt-2 mb-3 flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            ref={field}
            bare
            readOnly
            label={t("link")}
            placeholder={t("linkPending")}
            value={share.url ?? ""}
            onFocus={(event) => event.currentTarget.select()}
            className="mono text-label"
          />
        </div>
        <Button
          kind="primary"
          // Focus stands on what the second click is for.
          autoFocus
          icon={<CopyIcon done={share.copied} />}
          running={share.making && t("making")}
          disabled={!canMake(choices)}
          onClick={share.copyLink}
        >
          {share.copied ? t("copied") : t("copyLink")}
        </Button>
      </div>
      {share.error !== null && (
        <p role="alert" className="mb-3 text-label text-crit">
          {t("failed")}. {errors(failureCode(share.error))}
        </p>
      )}
      {props.subject.kind === "view" && (
        <div className={section}>
          <IncidentChoiceFields
            choice={choices.incident}
            onChange={(incident) => change({ incident })}
            needsRole={mayPublish ? null : needsRole}
          />
        </div>
      )}
      <div className={section}>
        <h3 className="mb-1 text-label font-semibold">{t("who")}</h3>
        <RadioGroup<Audience>
          label={t("who")}
          value={choices.audience}
          onChange={(audience) => change({ audience })}
          choices={[
            { value: "signedIn", label: t("signedIn"), hint: t("signedInHint") },
            {
              value: "anyone",
              label: t("anyone"),
              hint: mayPublish ? t("anyoneHint") : needsRole,
              disabled: !mayPublish,
            },
          ]}
        />
      </div>
      {choices.audience === "anyone" && (
        <div className={section}>
          <PublicLinkFields
            choices={choices}
            onChange={change}
            callerName={props.caller.name}
            serverId={props.subject.kind === "view" ? props.subject.serverId : null}
          />
        </div>
      )}
      <div className="-mx-4 -mb-4 border-line-2 border-t px-4 py-3">
        <LiveLinks subject={props.subject} needsRole={mayPublish ? null : needsRole} />
      </div>
    </div>
  );
}
