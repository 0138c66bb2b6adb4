"use client";

import * as Radix from "radix-ui/popover";
import type { ReactNode } from "react";

/** A floating layer that holds controls, as Share does. `trigger` is a button of yours. */
export function Popover(props: {
  trigger: ReactNode;
  children: ReactNode;
  /** The layer's name for screen readers. */
  label: string;
  width?: number;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={props.align ?? "end"}
          sideOffset={6}
          collisionPadding={8}
          aria-label={props.label}
          style={{ width: `min(${props.width ?? 360}px, calc(100vw - 16px))` }}
          className="z-50 max-h-[85vh] overflow-y-auto rounded-menu bg-surface-3 p-4 shadow-float outline-none data-[state=closed]:animate-float-out data-[state=open]:animate-float-in"
        >
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
