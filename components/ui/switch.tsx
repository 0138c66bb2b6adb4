"use client";

import { useTranslations } from "next-intl";
import * as Radix from "radix-ui/switch";
import { type ReactNode, useId } from "react";

/** On or off at once, with its words at the left. */
export function Switch(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}) {
  const id = useId();
  const t = useTranslations("common.switch");
  return (
    <div className="flex min-h-8 items-center gap-3">
      <label htmlFor={id} className="flex-1">
        {props.children}
        {props.hint && <span className="block text-label text-text-3">{props.hint}</span>}
      </label>
      <span aria-hidden className={props.checked ? "text-label font-medium" : "text-label text-text-2"}>
        {t(props.checked ? "on" : "off")}
      </span>
      <Radix.Root
        id={id}
        checked={props.checked}
        onCheckedChange={props.onChange}
        disabled={props.disabled}
        className="relative h-[18px] w-8 shrink-0 rounded-full border border-control bg-surface-1 after:absolute after:-inset-1 disabled:opacity-45 data-[state=checked]:border-text-1 data-[state=checked]:bg-text-1"
      >
        <Radix.Thumb className="block size-3 translate-x-0.5 rounded-full bg-control data-[state=checked]:translate-x-4 data-[state=checked]:bg-bg" />
      </Radix.Root>
    </div>
  );
}
