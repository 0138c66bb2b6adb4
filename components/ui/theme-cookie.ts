export type Theme = "dark" | "light";

export const themeCookie = "wirewatch-theme";

export function themeOf(value: string | undefined): Theme {
  return value === "light" ? "light" : "dark";
}
