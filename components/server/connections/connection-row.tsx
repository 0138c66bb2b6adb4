"use client";

import { useTranslations } from "next-intl";
import { memo } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { classNames } from "@/components/ui/class-names";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-shape";
import { Cell, Row } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import type { Connection, ConnectionState } from "@/lib/contract/service-api";

export const longIdleSeconds = 300;
export const muchBufferedBytes = 1024 ** 2;

const stateKinds: Record<ConnectionState, StatusKind> = {
  active: "ok",
  half_open: "warn",
  slow: "warn",
  closing: "silenced",
};

/** The first column stays while the others scroll sideways. */
const frozenCell =
  "sticky left-0 z-[1] bg-bg group-hover/row:bg-surface-2 group-aria-selected/row:bg-surface-2";

/** One connection. Drawn again only when one of its values changed. */
export const ConnectionRow = memo(function ConnectionRow(props: {
  row: Connection;
  index: number;
  readAtMs: number;
  selected: boolean;
  /** Has the place in the tab order. */
  current: boolean;
  onSelect: ((row: Connection) => void) | null;
  onFocus: (index: number) => void;
}) {
  const t = useTranslations("connections");
  const format = useFormat();
  const { row, index } = props;
  return (
    <Row
      selected={props.selected}
      data-index={index}
      data-connection={row.id}
      aria-rowindex={index + 2}
      tabIndex={props.current ? 0 : -1}
      onFocus={() => props.onFocus(index)}
    >
      <Cell className={classNames("mono pl-5 text-label", frozenCell)} title={row.id}>
        <span className="flex items-center gap-3">
          {props.onSelect && (
            <Checkbox
              checked={props.selected}
              onChange={() => props.onSelect?.(row)}
              label={t("selectRow", { id: row.id })}
            />
          )}
          <span className="truncate">{row.id}</span>
        </span>
      </Cell>
      <Cell className="mono text-label" title={`${row.remote_ip}:${row.remote_port}`}>
        {row.remote_ip}
      </Cell>
      <Cell className="text-text-2" title={row.user_agent}>
        {row.user_agent === "" ? format.missing : row.user_agent}
      </Cell>
      <Cell numeric title={format.dateTime(row.connected_at_ms, { seconds: true })}>
        {format.uptime(Math.max(0, props.readAtMs - row.connected_at_ms) / 1_000)}
      </Cell>
      <Cell numeric breach={row.idle_time > longIdleSeconds ? "warn" : null}>
        {format.number(row.idle_time, row.idle_time < 10 ? 1 : 0)}
      </Cell>
      <Cell numeric>{format.number(row.subscriptions)}</Cell>
      <Cell
        numeric
        breach={row.buffered_bytes >= muchBufferedBytes ? "warn" : null}
        title={format.exactBytes(row.buffered_bytes)}
      >
        {format.bytesIn(row.buffered_bytes, 2)}
      </Cell>
      <Cell numeric>{format.number(row.messages_in_total)}</Cell>
      <Cell numeric>{format.number(row.messages_out_total)}</Cell>
      <Cell numeric>{format.number(row.rtt_ms, row.rtt_ms !== null && row.rtt_ms < 10 ? 1 : 0)}</Cell>
      <Cell>
        <Status kind={stateKinds[row.state]} state={row.state}>
          {t(`states.${row.state}`)}
        </Status>
      </Cell>
    </Row>
  );
});
