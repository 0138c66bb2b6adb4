"use client";

import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";

export type ButtonKind = "neutral" | "primary" | "danger" | "ghost";

const kinds: Record<ButtonKind, string> = {
  neutral: "border border-line-2 bg-surface-1 text-text-1 hover:bg-surface-2",
  primary: "bg-text-1 text-bg hover:opacity-90",
  danger: "bg-danger text-white hover:opacity-90",
  ghost: "text-text-2 hover:bg-surface-2 hover:text-text-1",
};

const sizes = {
  normal: "h-8 gap-2 px-3",
  small: "h-[26px] gap-1.5 px-2 text-label",
  touch: "h-11 gap-2 px-4",
} as const;

/** Classes of a button, for links that look like one. */
export function buttonClass(kind: ButtonKind = "neutral", size: keyof typeof sizes = "normal"): string {
  return classNames(
    "inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-control font-medium",
    "disabled:opacity-45 aria-disabled:opacity-45 [&_svg]:shrink-0",
    sizes[size],
    kinds[kind],
  );
}

export type ButtonProps = ComponentProps<"button"> & {
  kind?: ButtonKind;
  size?: keyof typeof sizes;
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
        kinds[kind],
        className,
      )}
    >
      {children}
    </button>
  );
}

export function Spinner() {
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
