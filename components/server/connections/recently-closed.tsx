"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/actions/failure-notice";
import { IconButton } from "@/components/ui/button";
import { SegmentedChoice } from "@/components/ui/segmented-choice";
import { Cell, Head, MessageRow, Row, Table } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import type { RecentlyClosed as Closed } from "@/lib/contract/console-api";
import { LifetimeHistogram } from "./lifetime-histogram";

type Side = "all" | "lost" | "client" | "server";
const sides: readonly Side[] = ["all", "lost", "client", "server"];
const shownCloses = 100;

/** Docked under the table: how long those lived who closed, and by whom, with which code and reason. */
export function RecentlyClosed(props: {
  data: Closed | null;
  error: unknown;
  onRetry: () => void;
  onClose: (() => void) | null;
}) {
  const t = useTranslations("connections.closed");
  const [side, setSide] = useState<Side>("all");
  const closes = props.data?.closes ?? [];
  const countOf = (one: Side) =>
    one === "all" ? closes.length : closes.filter((close) => close.side === one).length;
  return (
    <section aria-label={t("title")} className="shrink-0 border-b">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2">
        <h2 className="font-semibold">{t("title")}</h2>
        {props.data && <span className="text-text-2">{t("count", { count: closes.length })}</span>}
        <span className="ml-auto flex items-center gap-2">
          <SegmentedChoice
            label={t("filter")}
            value={side}
            onChange={setSide}
            choices={sides.map((value) => ({ value, label: t(value, { count: countOf(value) }) }))}
          />
          {props.onClose && (
            <IconButton size="small" label={t("close")} onClick={props.onClose}>
              <X size={15} aria-hidden />
            </IconButton>
          )}
        </span>
      </header>
      {props.error !== null && !props.data && (
        <div className="px-5 pb-3">
          <FailureNotice error={props.error} title={t("failed")} onRetry={props.onRetry} />
        </div>
      )}
      {props.data && (
        <div className="grid lg:grid-cols-2">
          <LifetimeHistogram lifetimes={props.data.lifetimes} />
          <CloseList closes={closes} side={side} />
        </div>
      )}
    </section>
  );
}

function CloseList({ closes, side }: { closes: Closed["closes"]; side: Side }) {
  const t = useTranslations("connections.closed");
  const format = useFormat();
  const chosen = closes.filter((close) => side === "all" || close.side === side).slice(0, shownCloses);
  return (
    <section
      aria-label={t("count", { count: closes.length })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
      tabIndex={0}
      className="max-h-[260px] min-w-0 overflow-auto border-t -outline-offset-2 lg:border-l"
    >
      <Table aria-label={t("title")} className="min-w-[560px]">
        <thead>
          <tr>
            <Head className="w-[104px] pl-5">{t("columns.closed")}</Head>
            <Head className="w-32">{t("columns.id")}</Head>
            <Head numeric className="w-24">
              {t("columns.lifetime")}
            </Head>
            <Head className="w-24">{t("columns.side")}</Head>
            <Head className="w-14">{t("columns.code")}</Head>
            <Head>{t("columns.reason")}</Head>
          </tr>
        </thead>
        <tbody>
          {chosen.length === 0 && (
            <MessageRow columns={6}>{closes.length === 0 ? t("empty") : t("noneOfSide")}</MessageRow>
          )}
          {chosen.map((close) => (
            <Row key={`${close.id} ${close.closed_at_ms}`} className="h-[30px]">
              <Cell className="pl-5">{format.clock(close.closed_at_ms)}</Cell>
              <Cell className="mono text-label" title={`${close.id}, ${close.remote_ip}`}>
                {close.id}
              </Cell>
              <Cell numeric>{format.duration(close.lifetime_seconds * 1_000)}</Cell>
              <Cell>{t(`sides.${close.side}`)}</Cell>
              <Cell className="mono text-label">{close.code}</Cell>
              <Cell className="text-text-2" title={close.reason}>
                {close.reason === "" ? format.missing : close.reason}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
