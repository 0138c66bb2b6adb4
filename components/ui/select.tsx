"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button";
import { Menu, MenuChoices } from "./menu";

export interface SelectProps<T extends string> {
  /** Stands before the value, as "Sort" in "Sort: worst first". */
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: string; hint?: ReactNode }[];
  /** Shows the value alone; the label stays the accessible name. */
  bare?: boolean;
  size?: "normal" | "small" | "touch";
  align?: "start" | "end";
}

/** A button that names the present choice and opens the others. */
export function Select<T extends string>(props: SelectProps<T>) {
  const t = useTranslations("common");
  const chosen = props.choices.find((choice) => choice.value === props.value)?.label ?? props.value;
  const named = t("choice", { label: props.label, value: chosen });
  return (
    <Menu
      align={props.align ?? "start"}
      trigger={
        <Button size={props.size} aria-label={named}>
          <span>{props.bare ? chosen : named}</span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <MenuChoices value={props.value} onChange={props.onChange} choices={props.choices} />
    </Menu>
  );
}
