"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import type { FilterControl } from "./use-connection-filter";

/** Filters by one address and one topic, and the chips of what has no button of its own. */
export function MoreFilters({ control }: { control: FilterControl }) {
  const t = useTranslations("connections.filter");
  const states = useTranslations("connections.states");
  const { filter, change } = control;
  return (
    <>
      {filter.state && filter.state !== "slow" && (
        <Chip name={states(filter.state)} onRemove={change && (() => change({ state: null }))} />
      )}
      {filter.ip && (
        <Chip name={t("ip", { ip: filter.ip })} onRemove={change && (() => change({ ip: null }))} />
      )}
      {filter.topic && (
        <Chip
          name={t("topic", { topic: filter.topic })}
          onRemove={change && (() => change({ topic: null }))}
        />
      )}
      {change && <AddFilter control={control} />}
    </>
  );
}

function Chip({ name, onRemove }: { name: string; onRemove: (() => void) | null }) {
  const t = useTranslations("connections.filter");
  return (
    <button
      type="button"
      disabled={!onRemove}
      onClick={() => onRemove?.()}
      title={t("remove", { name })}
      aria-label={t("remove", { name })}
      className="inline-flex h-[30px] max-w-64 items-center gap-1.5 rounded-control border border-accent bg-accent-tint px-2 text-label"
    >
      <span className="truncate">{name}</span>
      {onRemove && <X size={13} aria-hidden />}
    </button>
  );
}

function AddFilter({ control }: { control: FilterControl }) {
  const t = useTranslations("connections.filter");
  const { filter, change } = control;
  const [open, setOpen] = useState(false);
  const [ip, setIp] = useState("");
  const [topic, setTopic] = useState("");
  const toggle = (next: boolean) => {
    setOpen(next);
    setIp(filter.ip ?? "");
    setTopic(filter.topic ?? "");
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    change?.({ ip: ip.trim() || null, topic: topic.trim() || null });
    setOpen(false);
  };
  return (
    <Popover
      label={t("add")}
      align="start"
      width={280}
      open={open}
      onOpenChange={toggle}
      trigger={
        <Button kind="ghost" size="small" className="h-[30px]" icon={<Plus size={14} aria-hidden />}>
          {t("add")}
        </Button>
      }
    >
      <form onSubmit={apply} className="flex flex-col gap-3">
        <TextField label={t("ipLabel")} value={ip} maxLength={64} onChange={(e) => setIp(e.target.value)} />
        <TextField
          label={t("topicLabel")}
          value={topic}
          maxLength={256}
          onChange={(e) => setTopic(e.target.value)}
        />
        <Button type="submit" kind="primary">
          {t("apply")}
        </Button>
      </form>
    </Popover>
  );
}
