import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text";

afterEach(() => vi.unstubAllGlobals());

test("says that nothing was copied where the browser has no clipboard", async () => {
  vi.stubGlobal("navigator", {});
  expect(await copyText(Promise.resolve("link"))).toBe(false);
});

test("falls back to plain text where promised items are refused", async () => {
  const writeText = vi.fn(async () => undefined);
  vi.stubGlobal("ClipboardItem", class {});
  vi.stubGlobal("navigator", { clipboard: { writeText, write: () => Promise.reject(new Error("no")) } });
  expect(await copyText(Promise.resolve("link"))).toBe(true);
  expect(writeText).toHaveBeenCalledWith("link");
});

test("hands on why the link could not be made", async () => {
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async () => undefined },
  });
  await expect(copyText(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});
