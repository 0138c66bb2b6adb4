import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { locales } from "./locales";
import { messagesOf } from "./messages";

const folder = new URL("./messages/", import.meta.url);
const namespaces = (locale: string) => readdirSync(new URL(locale, folder)).sort();

function leaves(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  return Object.entries(node as Record<string, unknown>).flatMap(([key, value]) =>
    leaves(value, path ? `${path}.${key}` : key),
  );
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? "").filter((name) => Number.isNaN(Number(name)));

test("every namespace file is loaded in both languages", () => {
  for (const locale of locales) {
    const listed = Object.keys(messagesOf(locale)).map((name) => `${name}.json`);
    expect(listed.sort()).toEqual(namespaces(locale));
  }
});

test("both languages hold the same keys with the same placeholders", () => {
  const en = new Map(leaves(messagesOf("en")));
  const zh = new Map(leaves(messagesOf("zh-CN")));
  expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  for (const [key, text] of en) {
    const wanted = new Set(placeholders(text));
    for (const name of placeholders(zh.get(key) ?? "")) expect(wanted, key).toContain(name);
  }
});

test("texts keep to the copy rules", () => {
  for (const [key, text] of leaves(messagesOf("en"))) {
    expect(text, key).not.toMatch(/\b(please|oops|successfully)\b|!/i);
  }
  for (const [key, text] of leaves(messagesOf("zh-CN"))) expect(text, key).not.toMatch(/[您！]|请(?!求)/);
  for (const name of namespaces("en")) {
    expect(() => JSON.parse(readFileSync(new URL(`en/${name}`, folder), "utf8"))).not.toThrow();
  }
});
