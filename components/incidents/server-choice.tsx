"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { TextField } from "@/components/ui/field";
import { statusKindOf } from "@/components/ui/status";
import { StatusShape } from "@/components/ui/status-shape";
import { useFleet } from "@/lib/live/live-context";

/** More are found by typing, so that a large fleet doesn't fill the dialog. */
const mostRows = 40;
const rowsWithoutFilter = 6;

/** Which servers an incident is about. The chosen ones stay in sight whatever is typed. */
export function ServerChoice(props: { chosen: readonly string[]; onChange: (serverIds: string[]) => void }) {
  const t = useTranslations("incidents.dialog");
  const common = useTranslations("common.state");
  const { servers } = useFleet();
  const [text, setText] = useState("");
  const chosen = new Set(props.chosen);
  const wanted = text.trim().toLowerCase();
  const rows = servers
    .filter(({ id, name }) => chosen.has(id) || `${id} ${name}`.toLowerCase().includes(wanted))
    .slice(0, mostRows);
  return (
    <fieldset>
      <legend className="mb-1 text-label font-medium">{t("servers")}</legend>
      {servers.length > rowsWithoutFilter && (
        <TextField bare label={t("servers")} value={text} onChange={(event) => setText(event.target.value)} />
      )}
      <div className="mt-1.5 grid max-h-36 grid-cols-1 gap-x-4 overflow-y-auto sm:grid-cols-2">
        {rows.map((server) => (
          <Checkbox
            key={server.id}
            checked={chosen.has(server.id)}
            onChange={(on) =>
              props.onChange(
                on ? [...props.chosen, server.id] : props.chosen.filter((id) => id !== server.id),
              )
            }
          >
            <span className="inline-flex items-center gap-2 whitespace-nowrap">
              {server.name}
              <StatusShape kind={statusKindOf(server.state)} label={common(server.state)} />
            </span>
          </Checkbox>
        ))}
      </div>
      <p className="mt-1 text-label text-text-2">{t("serversHelp")}</p>
    </fieldset>
  );
}
