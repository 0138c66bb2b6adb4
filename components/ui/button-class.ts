import { classNames } from "./class-names";

export type ButtonKind = "neutral" | "primary" | "danger" | "ghost";

export const buttonKinds: Record<ButtonKind, string> = {
  neutral: "border border-line-2 bg-surface-1 text-text-1 hover:bg-surface-2",
  primary: "bg-text-1 text-bg hover:opacity-90",
  danger: "bg-danger text-white hover:opacity-90",
  ghost: "text-text-2 hover:bg-surface-2 hover:text-text-1",
};

export const buttonSizes = {
  normal: "h-8 gap-2 px-3",
  small: "h-[26px] gap-1.5 px-2 text-label",
  touch: "h-11 gap-2 px-4",
} as const;

/** Classes of a button, for links that look like one. */
export function buttonClass(kind: ButtonKind = "neutral", size: keyof typeof buttonSizes = "normal"): string {
  return classNames(
    "inline-flex shrink-0 items-center justify-center whitespace-nowrap rounded-control font-medium",
    "disabled:opacity-45 aria-disabled:opacity-45 [&_svg]:shrink-0",
    buttonSizes[size],
    buttonKinds[kind],
  );
}
