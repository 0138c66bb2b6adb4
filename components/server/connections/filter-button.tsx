"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button-class";
import { classNames } from "@/components/ui/class-names";
import { useFormat } from "@/components/ui/use-format";

/** A ready-made filter that tells its count before it is pressed; pressed, it is a chip that can be taken off. */
export function FilterButton(props: {
  pressed: boolean;
  count: number | null;
  onPress: () => void;
  children: ReactNode;
  /** Named by a metric of lib/contract, where its count is one. */
  metric?: string;
  server?: string;
}) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={props.pressed}
      onClick={props.onPress}
      className={classNames(
        buttonClass("neutral", "small"),
        "h-[30px]",
        props.pressed && "border-accent! bg-accent-tint! text-text-1",
      )}
    >
      {props.children}
      {props.count !== null && (
        <span
          className="figures font-normal text-text-2"
          data-metric={props.metric}
          data-server={props.server}
        >
          {format.number(props.count)}
        </span>
      )}
      {props.pressed && <X size={13} aria-hidden />}
    </button>
  );
}
