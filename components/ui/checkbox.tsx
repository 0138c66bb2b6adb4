"use client";

import { Check, Minus } from "lucide-react";
import * as Radix from "radix-ui/checkbox";
import { type ReactNode, useId } from "react";

export function Checkbox(props: {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  children?: ReactNode;
  /** Its name where it has no words beside it. */
  label?: string;
  disabled?: boolean;
}) {
  const id = useId();
  const box = (
    <Radix.Root
      id={id}
      checked={props.checked}
      onCheckedChange={(value) => props.onChange(value === true)}
      disabled={props.disabled}
      aria-label={props.label}
      className="relative flex size-4 shrink-0 items-center justify-center rounded-badge border border-control text-bg after:absolute after:-inset-1 disabled:opacity-45 data-[state=checked]:border-text-1 data-[state=indeterminate]:border-text-1 data-[state=checked]:bg-text-1 data-[state=indeterminate]:bg-text-1"
    >
      <Radix.Indicator>
        {props.checked === "indeterminate" ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
  if (!props.children) return box;
  return (
    <span className="inline-flex min-h-6 items-center gap-2">
      {box}
      <label htmlFor={id}>{props.children}</label>
    </span>
  );
}
