"use client";

import { ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { severities } from "./incident-marks";
import { type IncidentFilters, statusChoices } from "./use-incident-filters";
import { filterFieldId } from "./use-incident-keys";

const typingMs = 250;

export function IncidentFiltersBar(props: { filters: IncidentFilters; total: number | null }) {
  const t = useTranslations("incidents.filter");
  const common = useTranslations("common");
  const { filters } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 px-5 py-2.5">
      <FilterField filters={filters} />
      <Select
        label={t("severity")}
        value={filters.severity ?? "all"}
        onChange={(value) => filters.setFilter({ severity: value === "all" ? null : value })}
        choices={[
          { value: "all" as const, label: t("all") },
          ...severities.map((value) => ({ value, label: common(`severity.${value}`) })),
        ]}
      />
      <Select
        label={t("status")}
        value={filters.status ?? "all"}
        onChange={(value) => filters.setFilter({ status: value === "all" ? null : value })}
        choices={[
          { value: "all" as const, label: t("all") },
          ...statusChoices.map((value) => ({ value, label: common(`incidentStatus.${value}`) })),
        ]}
      />
      {filters.filtered && (
        <Button kind="ghost" onClick={filters.clear}>
          {t("clear")}
        </Button>
      )}
      {props.total !== null && (
        <p className="ml-auto text-label text-text-2">{t("total", { count: props.total })}</p>
      )}
    </div>
  );
}

function FilterField({ filters }: { filters: IncidentFilters }) {
  const t = useTranslations("incidents.filter");
  const [text, setText] = useState(filters.q);
  const told = useRef(filters.q);
  useEffect(() => {
    // Back, or Clear filter: the address is ahead of the field.
    if (filters.q !== told.current) {
      told.current = filters.q;
      setText(filters.q);
    }
  }, [filters.q]);
  const { setFilter } = filters;
  const tell = useRef(setFilter);
  tell.current = setFilter;
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      tell.current({ q: text });
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="relative w-full sm:w-72">
      <ListFilter
        size={15}
        className="pointer-events-none absolute top-2 left-2.5 z-10 text-text-3"
        aria-hidden
      />
      <TextField
        bare
        id={filterFieldId}
        type="search"
        label={t("label")}
        placeholder={t("label")}
        value={text}
        maxLength={200}
        className="pl-8"
        end={text === "" && <Kbd className="mr-1">/</Kbd>}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </div>
  );
}
