"use client";

import { useTranslations } from "next-intl";
import { Cell, Head, MessageRow, Row, Table } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import type { CleanupResult } from "@/lib/contract/service-api";

const shownRows = 5;

/** Some of those that a clean-up would close, largest buffers first. */
export function CleanupSample({ result }: { result: CleanupResult | null }) {
  const t = useTranslations("actions.sample");
  const format = useFormat();
  const rows = result?.sample.slice(0, shownRows) ?? [];
  return (
    <>
      <h3 className="font-semibold">{t("title")}</h3>
      <Table className="[&_td:first-child]:pl-0 [&_td:last-child]:pr-0 [&_th:first-child]:pl-0 [&_th:last-child]:pr-0">
        <thead>
          <tr>
            <Head className="w-[27%] bg-raised">{t("id")}</Head>
            <Head className="bg-raised">{t("ip")}</Head>
            <Head numeric className="w-[22%] bg-raised">
              {t("idle")}
            </Head>
            <Head numeric className="w-[18%] bg-raised">
              {t("buffered")}
            </Head>
            <Head numeric className="w-12 bg-raised">
              {t("subscriptions")}
            </Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} className="h-[26px]">
              <Cell className="mono text-label" title={row.id}>
                {row.id}
              </Cell>
              <Cell className="mono text-label" title={row.remote_ip}>
                {row.remote_ip}
              </Cell>
              <Cell numeric>{format.duration(row.idle_time * 1_000)}</Cell>
              <Cell numeric title={format.exactBytes(row.buffered_bytes)}>
                {format.bytesText(row.buffered_bytes)}
              </Cell>
              <Cell numeric>{format.number(row.subscriptions)}</Cell>
            </Row>
          ))}
          {result && rows.length === 0 && <MessageRow columns={5}>{t("none")}</MessageRow>}
        </tbody>
      </Table>
      {result && result.candidates.total > rows.length && rows.length > 0 && (
        <p className="mt-1.5 text-label text-text-2">
          {t("more", { count: result.candidates.total - rows.length })}
        </p>
      )}
    </>
  );
}
