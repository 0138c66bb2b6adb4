"use client";

import { useTranslations } from "next-intl";
import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

const edge =
  "w-full rounded-control border border-control bg-surface-1 px-2.5 text-text-1 placeholder:text-text-3 disabled:opacity-45 aria-invalid:border-crit";

interface Around {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  /** Keeps the label for screen readers only. */
  bare?: boolean;
}

function Surround(props: Around & { id: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <div className={props.bare ? "sr-only" : "mb-1 flex items-baseline justify-between gap-2"}>
        <label htmlFor={props.id} className="text-label font-medium">
          {props.label}
        </label>
        {props.aside}
      </div>
      {props.children}
      {props.help && (
        <p id={`${props.id}-help`} className="mt-1 text-label text-text-2">
          {props.help}
        </p>
      )}
      {props.error && (
        <p id={`${props.id}-error`} role="alert" className="mt-1 text-label text-crit">
          {props.error}
        </p>
      )}
    </div>
  );
}

const describedBy = (id: string, props: Around) =>
  [props.help && `${id}-help`, props.error && `${id}-error`].filter(Boolean).join(" ") || undefined;

/** One line of text with its label, help and error. `end` stands inside the field at its right. */
export function TextField({
  label,
  help,
  error,
  bare,
  end,
  className,
  tall,
  ...rest
}: Around & ComponentProps<"input"> & { end?: ReactNode; tall?: boolean }) {
  const own = useId();
  const id = rest.id ?? own;
  return (
    <Surround id={id} label={label} help={help} error={error} bare={bare}>
      <div className="relative">
        <input
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy(id, { label, help, error })}
          className={classNames(edge, tall ? "h-10" : "h-8", end ? "pr-10" : "", className)}
        />
        {end && <div className="absolute inset-y-0 right-1 flex items-center">{end}</div>}
      </div>
    </Surround>
  );
}

/** Several lines, with how many characters are used of `max`. */
export function TextArea({
  label,
  help,
  error,
  bare,
  max,
  className,
  ...rest
}: Around & Omit<ComponentProps<"textarea">, "maxLength" | "value"> & { max?: number; value: string }) {
  const t = useTranslations("common");
  const own = useId();
  const id = rest.id ?? own;
  const counter = max ? (
    <span className="figures text-axis text-text-3">{t("characters", { used: rest.value.length, max })}</span>
  ) : null;
  return (
    <Surround id={id} label={label} help={help} error={error} bare={bare} aside={counter}>
      <textarea
        rows={2}
        {...rest}
        id={id}
        maxLength={max}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, { label, help, error })}
        className={classNames(edge, "block resize-y py-1.5", className)}
      />
    </Surround>
  );
}
