/** A configuration value in one line; a dash stands for one that is not set. */
export function configValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
