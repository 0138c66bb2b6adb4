"use client";

import { Check } from "lucide-react";
import * as Radix from "radix-ui/dropdown-menu";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A menu under its trigger, which is a button of yours. */
export function Menu(props: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  width?: number;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={props.align ?? "end"}
          sideOffset={4}
          collisionPadding={8}
          style={{ minWidth: props.width ?? 180 }}
          className="z-50 max-h-[70vh] overflow-y-auto rounded-menu bg-surface-3 p-1.5 shadow-float data-[state=closed]:animate-float-out data-[state=open]:animate-float-in"
        >
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const item = classNames(
  "flex h-8 cursor-pointer select-none items-center gap-2.5 rounded-small px-2 outline-none",
  "data-[highlighted]:bg-highlight data-[disabled]:cursor-default data-[disabled]:opacity-45",
);

export function MenuItem(props: {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  /** At the right, in grey: a key or a size. */
  hint?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  title?: string;
}) {
  return (
    <Radix.Item
      onSelect={props.onSelect}
      disabled={props.disabled}
      title={props.title}
      className={classNames(item, props.danger && "text-crit")}
    >
      {props.icon}
      <span className="flex-1 whitespace-nowrap">{props.children}</span>
      {props.hint && <span className="pl-4 text-label text-text-3">{props.hint}</span>}
    </Radix.Item>
  );
}

/** One of several, with a check at the chosen one. */
export function MenuChoices<T extends string>(props: {
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: ReactNode; hint?: ReactNode }[];
}) {
  return (
    <Radix.RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      {props.choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={item}>
          <span className="w-4">
            <Radix.ItemIndicator>
              <Check size={14} aria-hidden />
            </Radix.ItemIndicator>
          </span>
          <span className="flex-1 whitespace-nowrap">{choice.label}</span>
          {choice.hint && <span className="pl-4 text-label text-text-3">{choice.hint}</span>}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-label text-text-3">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1.5 h-px bg-line-2" />;
}
