"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/field";
import { failureCode } from "@/lib/query/fetch-json";
import { addNote } from "@/lib/query/incidents";

const longestNote = 4_000;

export function AddNoteDialog({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const t = useTranslations("incidents.timeline");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const queries = useQueryClient();
  const field = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => addNote({ incidentId, text: text.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["incident", incidentId] });
      onClose();
    },
  });
  const empty = text.trim() === "";
  return (
    <Dialog
      open
      width={560}
      title={t("noteTitle", { id: incidentId })}
      onOpenChange={(open) => !open && onClose()}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        field.current?.querySelector("textarea")?.focus();
      }}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button
            kind="primary"
            disabled={empty}
            running={isPending && t("noteSubmitting")}
            onClick={() => mutate()}
          >
            {t("noteSubmit")}
          </Button>
        </>
      }
    >
      <div ref={field}>
        <TextArea
          label={t("note")}
          rows={5}
          value={text}
          max={longestNote}
          error={error && `${t("noteFailed")}. ${errors(failureCode(error))}`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !empty) mutate();
          }}
        />
      </div>
    </Dialog>
  );
}
