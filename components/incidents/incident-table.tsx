"use client";

import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { Button } from "@/components/ui/button";
import { Head, SkeletonRows, Table } from "@/components/ui/table";
import type { IncidentList, IncidentSummary } from "@/lib/contract/console-api";
import { failureCode } from "@/lib/query/fetch-json";
import { columnClass } from "./incident-columns";
import { IncidentRow } from "./incident-row";
import { type IncidentFilters, rowsPerPage } from "./use-incident-filters";

const otherColumns = ["severity", "incident", "started", "detect", "mitigate", "lead"] as const;

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
      {props.error && <ListError error={props.error} onRetry={props.onRetry} />}
      <Table aria-label={t("title")}>
        <thead>
          <tr>
            <Head className={columnClass.state}>{t("column.state")}</Head>
            <Head className={columnClass.severity}>{t("column.severity")}</Head>
            <Head className={columnClass.incident}>{t("column.incident")}</Head>
            <Head className={columnClass.started}>{t("column.started")}</Head>
            <Head numeric className={columnClass.detect}>
              {t("column.detect")}
            </Head>
            <Head numeric className={columnClass.mitigate}>
              {t("column.mitigate")}
            </Head>
            <Head className={columnClass.lead}>{t("column.lead")}</Head>
          </tr>
        </thead>
        <tbody>
          {!list && !props.error && <SkeletonRows rows={5} widths={[70, 50, 260, 80, 60, 60, 70]} />}
          {groups.map(({ name, rows }) => (
            <Group key={name} name={name} rows={rows} {...props} />
          ))}
        </tbody>
      </Table>
      {list && incidents.length === 0 && <ListEmpty filters={filters} />}
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
      <tr className="h-[30px] bg-surface-1">
        <th scope="rowgroup" className="whitespace-nowrap border-b pl-4 text-left font-normal sm:pl-5">
          <span className="font-medium">{t(props.name)}</span>{" "}
          <span className="figures pl-1.5 text-label text-text-2">{props.rows.length}</span>
        </th>
        {otherColumns.map((name) => (
          <td key={name} className={`border-b ${columnClass[name]}`} />
        ))}
      </tr>
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

function ListError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("incidents.empty");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  return (
    <div className="border-b px-5 py-3 text-text-2">
      <span role="alert" className="mr-3">
        {t("failed")}. {errors(failureCode(error))}
      </span>
      <Button size="small" onClick={onRetry}>
        {common("retryNow")}
      </Button>
    </div>
  );
}

function ListEmpty({ filters }: { filters: IncidentFilters }) {
  const t = useTranslations("incidents");
  return (
    <div className="border-b px-5 py-3 text-text-2">
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
    </div>
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
