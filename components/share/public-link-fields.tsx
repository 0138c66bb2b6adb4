"use client";

import { useTranslations } from "next-intl";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { Redaction } from "@/lib/contract/console-api";
import { useFleet } from "@/lib/live/live-context";
import { expiries, type LinkChoices } from "./link-choices";

const switches: readonly (keyof Redaction)[] = ["clientIps", "userNames", "serverNames", "notes"];

/** How long a public link lives and what it leaves out, each with what its readers will see instead. */
export function PublicLinkFields(props: {
  choices: LinkChoices;
  onChange: (part: Partial<LinkChoices>) => void;
  callerName: string;
  /** Of a server's page. */
  serverId: string | null;
}) {
  const t = useTranslations("share");
  const { redaction, expiry } = props.choices;
  const { servers } = useFleet();
  const server = servers.find(({ id }) => id === props.serverId) ?? servers[0];
  const inFull: Record<keyof Redaction, string> = {
    clientIps: t("example.clientIpsOff"),
    userNames: props.callerName,
    serverNames: server?.name ?? "",
    notes: t("example.notesOff"),
  };
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <span className="text-label font-semibold" aria-hidden>
          {t("expires")}
        </span>
        <Select
          bare
          size="small"
          align="end"
          label={t("expires")}
          value={expiry}
          onChange={(value) => props.onChange({ expiry: value })}
          choices={expiries.map((value) => ({ value, label: t(`expiry.${value}`) }))}
        />
      </div>
      <h3 className="mt-2 text-label font-semibold">{t("redact")}</h3>
      {switches.map((name) => (
        <Switch
          key={name}
          checked={redaction[name]}
          onChange={(on) => props.onChange({ redaction: { ...redaction, [name]: on } })}
        >
          {t(`redaction.${name}`)}{" "}
          <span className="text-label text-text-3">
            {redaction[name] ? t(`example.${name}`) : inFull[name]}
          </span>
        </Switch>
      ))}
    </>
  );
}
