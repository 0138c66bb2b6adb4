"use client";

import * as Radix from "radix-ui/radio-group";
import { type ReactNode, useId } from "react";

export function RadioGroup<T extends string>(props: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  inline?: boolean;
}) {
  const id = useId();
  return (
    <Radix.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value as T)}
      className={props.inline ? "flex flex-wrap gap-x-4" : "flex flex-col"}
    >
      {props.choices.map((choice) => (
        <div key={choice.value} className="flex min-h-7 items-center gap-2">
          <Radix.Item
            id={`${id}-${choice.value}`}
            value={choice.value}
            disabled={choice.disabled}
            className="relative flex size-4 shrink-0 items-center justify-center rounded-full border border-control after:absolute after:-inset-1 disabled:opacity-45 data-[state=checked]:border-text-1"
          >
            <Radix.Indicator className="size-2 rounded-full bg-text-1" />
          </Radix.Item>
          <label htmlFor={`${id}-${choice.value}`}>
            {choice.label}
            {choice.hint && <span className="block text-label text-text-3">{choice.hint}</span>}
          </label>
        </div>
      ))}
    </Radix.Root>
  );
}
