"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { classNames } from "@/components/ui/class-names";
import { Menu, MenuItem } from "@/components/ui/menu";
import { type Conditions, defaultIdleSeconds, mistakesIn, type TextCondition } from "./conditions";

const starts: Record<TextCondition, string> = {
  idleSeconds: String(defaultIdleSeconds),
  ip: "",
  topic: "",
  minBufferedMiB: "1",
};
const order = Object.keys(starts) as TextCondition[];
const widths: Record<TextCondition, string> = {
  idleSeconds: "w-16",
  ip: "w-36",
  topic: "w-40",
  minBufferedMiB: "w-16",
};

/** Who a clean-up matches, as chips that are edited in place. */
export function ConditionsEditor(props: { value: Conditions; onChange: (value: Conditions) => void }) {
  const t = useTranslations("actions.match");
  const { value, onChange } = props;
  const wrong = new Set(mistakesIn(value));
  const missing = order.filter((name) => value[name] === null);
  return (
    <fieldset className="m-0 flex min-w-0 flex-wrap items-center gap-2 border-0 p-0" aria-label={t("label")}>
      <span className="mr-1 text-label text-text-2" aria-hidden>
        {t("label")}
      </span>
      {value.ids ? (
        <Chip>{t("ids", { count: value.ids.length })}</Chip>
      ) : (
        <>
          {order
            .filter((name) => value[name] !== null)
            .map((name) => (
              <TextChip
                key={name}
                name={name}
                wrong={wrong.has(name)}
                value={value[name] ?? ""}
                onChange={(text) => onChange({ ...value, [name]: text })}
                onRemove={() => onChange({ ...value, [name]: null })}
              />
            ))}
          {missing.length > 0 && (
            <Menu
              align="start"
              trigger={
                <Button kind="ghost" size="small" icon={<Plus size={14} aria-hidden />}>
                  {t("add")}
                </Button>
              }
            >
              {missing.map((name) => (
                <MenuItem key={name} onSelect={() => onChange({ ...value, [name]: starts[name] })}>
                  {t(`name.${name}`)}
                </MenuItem>
              ))}
            </Menu>
          )}
          <Checkbox
            checked={value.includeSubscribed}
            onChange={(includeSubscribed) => onChange({ ...value, includeSubscribed })}
          >
            {t("includeSubscribed")}
          </Checkbox>
        </>
      )}
      <Checkbox checked={value.pingFirst} onChange={(pingFirst) => onChange({ ...value, pingFirst })}>
        {t("pingFirst")}
      </Checkbox>
    </fieldset>
  );
}

function Chip({ children, wrong }: { children: ReactNode; wrong?: boolean }) {
  return (
    <span
      className={classNames(
        "inline-flex h-8 items-center gap-1.5 rounded-small pl-2 text-label",
        wrong ? "bg-crit-tint pr-1" : "bg-accent-tint pr-1",
        "[&>:last-child]:mr-1",
      )}
    >
      {children}
    </span>
  );
}

function TextChip(props: {
  name: TextCondition;
  value: string;
  wrong: boolean;
  onChange: (value: string) => void;
  onRemove: () => void;
}) {
  const t = useTranslations("actions.match");
  const id = useId();
  const unit =
    props.name === "idleSeconds" || props.name === "minBufferedMiB" ? t(`after.${props.name}`) : null;
  const numeric = unit !== null;
  return (
    <Chip wrong={props.wrong}>
      <label htmlFor={id}>{t(`before.${props.name}`)}</label>
      <input
        id={id}
        value={props.value}
        inputMode={numeric ? "decimal" : "text"}
        autoComplete="off"
        spellCheck={false}
        maxLength={256}
        aria-invalid={props.wrong || undefined}
        onChange={(event) => props.onChange(event.target.value)}
        className={classNames(
          "figures h-6 rounded-badge border border-control bg-bg px-1.5 text-text-1 aria-invalid:border-crit",
          !numeric && "mono",
          widths[props.name],
        )}
      />
      {unit !== null && <span>{unit}</span>}
      <IconButton
        size="small"
        className="size-6"
        label={t("remove", { name: t(`name.${props.name}`) })}
        onClick={props.onRemove}
      >
        <X size={13} aria-hidden />
      </IconButton>
    </Chip>
  );
}
