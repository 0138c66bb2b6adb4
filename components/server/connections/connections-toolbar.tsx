"use client";

import { ListFilter, PanelBottom, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useActions } from "@/components/actions/actions-context";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Tooltip } from "@/components/ui/tooltip";
import { useSettled } from "@/components/ui/use-settled";
import { isFiltered, matchOfFilter } from "./connection-filter";
import { longIdleSeconds, muchBufferedBytes } from "./connection-row";
import { FilterButton } from "./filter-button";
import { MoreFilters } from "./more-filters";
import type { FilterControl } from "./use-connection-filter";

export interface FilterCounts {
  idle: number | null;
  buffered: number | null;
  slow: number | null;
}

/** Filters with their counts, the clean-up of what they match, and the switch of the closed ones. */
export function ConnectionsToolbar(props: {
  serverId: string;
  control: FilterControl;
  counts: FilterCounts;
  total: number | null;
  closedShown: boolean;
  onClosedShown: ((shown: boolean) => void) | null;
}) {
  const t = useTranslations("connections");
  const { counts } = props;
  const { filter, change } = props.control;
  const press = (part: Parameters<NonNullable<typeof change>>[0]) => () => change?.(part);
  const pressedIdle = filter.idle !== null;
  const pressedBuffered = filter.buffered !== null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2 sm:px-5">
      <FilterField value={filter.q} onChange={change ? (q) => change({ q }) : null} />
      <FilterButton
        pressed={pressedIdle}
        count={pressedIdle ? null : counts.idle}
        metric="idle_connections"
        server={props.serverId}
        onPress={press({ idle: pressedIdle ? null : longIdleSeconds })}
      >
        {t("filter.idle", { seconds: filter.idle ?? longIdleSeconds })}
      </FilterButton>
      <FilterButton
        pressed={pressedBuffered}
        count={pressedBuffered ? null : counts.buffered}
        onPress={press({ buffered: pressedBuffered ? null : muchBufferedBytes })}
      >
        {t("filter.buffered", { size: (filter.buffered ?? muchBufferedBytes) / muchBufferedBytes })}
      </FilterButton>
      <FilterButton
        pressed={filter.state === "slow"}
        count={filter.state === "slow" ? null : counts.slow}
        onPress={press({ state: filter.state === "slow" ? null : "slow" })}
      >
        {t("filter.slow")}
      </FilterButton>
      <MoreFilters control={props.control} />
      {isFiltered(filter) && change && (
        <Button
          kind="ghost"
          size="small"
          onClick={press({ q: "", idle: null, buffered: null, state: null, ip: null, topic: null })}
        >
          {t("filter.clear")}
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {props.total !== null && (
          <span className="figures whitespace-nowrap text-text-2">{t("total", { count: props.total })}</span>
        )}
        {change && <CleanUpThese control={props.control} />}
        {props.onClosedShown && (
          <Button
            size="small"
            className="h-[30px] aria-pressed:bg-highlight"
            aria-pressed={props.closedShown}
            icon={<PanelBottom size={14} aria-hidden />}
            onClick={() => props.onClosedShown?.(!props.closedShown)}
          >
            {t("recentlyClosed")}
          </Button>
        )}
      </div>
    </div>
  );
}

function CleanUpThese({ control }: { control: FilterControl }) {
  const t = useTranslations("connections");
  const common = useTranslations("common");
  const actions = useActions();
  if (!actions) return null;
  const match = matchOfFilter(control.filter);
  const obstacle = !actions.allowed
    ? common("needsRole", { role: common("role.operator") })
    : match === "unmatchable"
      ? t("matchLimits")
      : null;
  const button = (
    <Button
      size="small"
      className="h-[30px]"
      icon={<Unplug size={14} aria-hidden />}
      disabled={obstacle !== null}
      onClick={() => match !== "unmatchable" && actions.open("cleanup-connections", match)}
    >
      {t("cleanUpThese")}
    </Button>
  );
  if (obstacle === null) return button;
  return (
    <Tooltip text={obstacle}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a disabled button takes no focus, and its reason must be reachable */}
      <span tabIndex={0} className="rounded-control">
        {button}
      </span>
    </Tooltip>
  );
}

function FilterField({ value, onChange }: { value: string; onChange: ((q: string) => void) | null }) {
  const t = useTranslations("connections");
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const settled = useSettled(text);
  const told = useRef(value);
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    onChange?.(settled);
  }, [settled, onChange]);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  useShortcuts([{ keys: ["/"], print: ["/"], label: t("keys.filter"), run: () => field.current?.focus() }]);
  return (
    <span className="relative w-full sm:w-48">
      <ListFilter size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-text-3" />
      <input
        ref={field}
        type="text"
        inputMode="search"
        aria-label={t("filter.label")}
        placeholder={t("filter.hint")}
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        disabled={!onChange}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (text !== "") setText("");
          else field.current?.blur();
        }}
        className="h-[30px] w-full rounded-control border border-control bg-surface-1 pr-8 pl-8 placeholder:text-text-3 disabled:opacity-60"
      />
      <Kbd className="pointer-events-none absolute top-1.5 right-1.5">/</Kbd>
    </span>
  );
}
