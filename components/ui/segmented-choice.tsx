"use client";

import * as Radix from "radix-ui/toggle-group";
import type { ReactNode } from "react";

/** A few choices side by side, of which one holds. */
export function SegmentedChoice<T extends string>(props: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: ReactNode }[];
}) {
  return (
    <Radix.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => {
        if (value !== "") props.onChange(value as T);
      }}
      className="inline-flex h-[26px] overflow-hidden rounded-control border border-line-2"
    >
      {props.choices.map((choice) => (
        <Radix.Item
          key={choice.value}
          value={choice.value}
          className="whitespace-nowrap border-line-2 border-r bg-surface-1 px-2 text-label text-text-2 -outline-offset-2 last:border-r-0 hover:text-text-1 data-[state=on]:bg-highlight data-[state=on]:text-text-1"
        >
          {choice.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
