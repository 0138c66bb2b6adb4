"use client";

import type { ComponentProps, ReactNode } from "react";
import { type ButtonKind, buttonClass, buttonKinds, type buttonSizes } from "./button-class";
import { classNames } from "./class-names";

export { type ButtonKind, buttonClass } from "./button-class";

export type ButtonProps = ComponentProps<"button"> & {
  kind?: ButtonKind;
  size?: keyof typeof buttonSizes;
  icon?: ReactNode;
  /** While running the button keeps its width, shows a spinner with this word and takes no clicks. */
  running?: string | false;
};

export function Button({ kind, size, icon, running, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || Boolean(running)}
      aria-busy={running ? true : undefined}
      className={classNames(
        buttonClass(kind, size),
        running ? "relative disabled:opacity-100" : "",
        className,
      )}
    >
      {running ? (
        <>
          <span className="invisible inline-flex items-center gap-2" aria-hidden>
            {icon}
            {children}
          </span>
          <span className="absolute inset-0 flex items-center justify-center gap-2 px-2">
            <Spinner />
            <span className="truncate">{running}</span>
          </span>
        </>
      ) : (
        <>
          {icon}
          {children}
        </>
      )}
    </button>
  );
}

/** A square button with an icon only; `label` is its name and tooltip. */
export function IconButton({
  label,
  kind = "ghost",
  size = "normal",
  className,
  children,
  ...rest
}: Omit<ButtonProps, "icon" | "running"> & { label: string }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={classNames(
        "inline-flex shrink-0 items-center justify-center rounded-control disabled:opacity-45",
        size === "small" ? "size-[26px]" : size === "touch" ? "size-11" : "size-8",
        buttonKinds[kind],
        className,
      )}
    >
      {children}
    </button>
  );
}

function Spinner() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" className="animate-spin" aria-hidden="true">
      <path
        d="M7 1.5A5.5 5.5 0 1 1 1.5 7"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
