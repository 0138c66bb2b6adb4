const longest = 300;

/** What went wrong in one line without any of the secrets. */
export function errorText(error: unknown, secrets: readonly string[]): string {
  let text = messageOf(error);
  for (const secret of secrets) {
    if (secret !== "") text = text.replaceAll(secret, "***");
  }
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // a host with several addresses fails with one error an address and no message of its own
  if (error instanceof AggregateError && error.message === "") return messageOf(error.errors[0]);
  return error.message === "" ? error.name : error.message;
}

/** The secret parts of an address, as they stand in it and decoded. */
export function secretsOf(url: string): string[] {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) return [url];
  const { password, search } = parsed;
  return [url, password, decoded(password), search].filter((text) => text !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
