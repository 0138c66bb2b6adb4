"use client";

import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { Button } from "@/components/ui/button";
import { GroupRow, Head, MessageRow, SkeletonRows, Table } from "@/components/ui/table";
import type { IncidentList, IncidentSummary } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { IncidentRow } from "./incident-row";
import { type IncidentFilters, rowsPerPage } from "./use-incident-filters";

const columns = 7;

export function IncidentTable(props: {
  list: IncidentList | null;
  error: Error | null;
  onRetry: () => void;
  filters: IncidentFilters;
  selectedId: string | null;
}) {
  const t = useTranslations("incidents");
  const { list, filters } = props;
  const incidents = list?.incidents ?? [];
  const groups = [
    { name: "active" as const, rows: incidents.filter(({ status }) => status !== "resolved") },
    { name: "resolved" as const, rows: incidents.filter(({ status }) => status === "resolved") },
  ];
  return (
    <>
      <Table aria-label={t("title")}>
        <thead>
          <tr>
            <Head className="w-[116px] pl-5">{t("column.state")}</Head>
            <Head className="w-[84px]">{t("column.severity")}</Head>
            <Head>{t("column.incident")}</Head>
            <Head className="w-[112px] max-lg:hidden">{t("column.started")}</Head>
            <Head numeric className="w-[108px] max-md:hidden">
              {t("column.detect")}
            </Head>
            <Head numeric className="w-[116px] max-md:hidden">
              {t("column.mitigate")}
            </Head>
            <Head className="w-[112px] max-sm:hidden">{t("column.lead")}</Head>
          </tr>
        </thead>
        <tbody>
          {props.error && <ErrorRow error={props.error} onRetry={props.onRetry} />}
          {!list && !props.error && <SkeletonRows rows={5} widths={[70, 50, 260, 80, 60, 60, 70]} />}
          {list && incidents.length === 0 && <EmptyRow filters={filters} />}
          {groups.map(({ name, rows }) => (
            <Group key={name} name={name} rows={rows} {...props} />
          ))}
        </tbody>
      </Table>
      {list && list.total > rowsPerPage && <Pages filters={filters} list={list} />}
    </>
  );
}

function Group(props: {
  name: "active" | "resolved";
  rows: readonly IncidentSummary[];
  filters: IncidentFilters;
  selectedId: string | null;
}) {
  const t = useTranslations("incidents.group");
  if (props.rows.length === 0) return null;
  return (
    <Fragment>
      <GroupRow columns={columns}>
        <span className="font-medium">{t(props.name)}</span>
        <span className="figures text-label text-text-2">{props.rows.length}</span>
      </GroupRow>
      {props.rows.map((incident) => (
        <IncidentRow
          key={incident.id}
          incident={incident}
          selected={incident.id === props.selectedId}
          onSelect={() => props.filters.select(incident.id)}
        />
      ))}
    </Fragment>
  );
}

function ErrorRow({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("incidents.empty");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  return (
    <MessageRow columns={columns}>
      <span role="alert" className="mr-3">
        {t("failed")}. {errors(failureCode(error))}
      </span>
      <Button size="small" onClick={onRetry}>
        {common("retryNow")}
      </Button>
    </MessageRow>
  );
}

function EmptyRow({ filters }: { filters: IncidentFilters }) {
  const t = useTranslations("incidents");
  return (
    <MessageRow columns={columns}>
      {filters.filtered ? (
        <>
          <span className="mr-3">{t("empty.filtered")}</span>
          <Button size="small" onClick={filters.clear}>
            {t("filter.clear")}
          </Button>
        </>
      ) : (
        <>
          <span className="font-medium text-text-1">{t("empty.none")}</span>
          <br />
          {t("empty.noneText")}
        </>
      )}
    </MessageRow>
  );
}

function Pages({ filters, list }: { filters: IncidentFilters; list: IncidentList }) {
  const t = useTranslations("incidents");
  const from = Math.max(0, filters.offset);
  const to = from + list.incidents.length;
  return (
    <div className="flex items-center justify-end gap-2 px-5 py-2 text-label text-text-2">
      <span className="figures">{t("shown", { from: from + 1, to, total: list.total })}</span>
      <Button
        size="small"
        disabled={from === 0}
        onClick={() => filters.setOffset(Math.max(0, from - rowsPerPage))}
      >
        {t("previous")}
      </Button>
      <Button size="small" disabled={to >= list.total} onClick={() => filters.setOffset(from + rowsPerPage)}>
        {t("next")}
      </Button>
    </div>
  );
}
