/**
 * Copies what is still being made. Browsers allow copying only as the answer to a click, so the promise is
 * handed over inside the click where they take one. False when the browser does not allow it.
 */
export async function copyText(text: Promise<string>): Promise<boolean> {
  const clipboard = globalThis.navigator?.clipboard;
  if (!clipboard) {
    await text;
    return false;
  }
  if (typeof ClipboardItem !== "undefined") {
    const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
    try {
      await clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return true;
    } catch {
      // Some take no promise here, and some no item at all: plain text is tried below.
    }
  }
  const value = await text;
  try {
    await clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
