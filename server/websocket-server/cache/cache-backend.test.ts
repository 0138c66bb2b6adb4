import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { ConfigStore } from "../config/store";

test("what speaks to Redis is loaded only where it is asked for", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../main.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  expect(text).toContain('import("ioredis")');
  expect(text).not.toMatch(/^import .*from "ioredis"/m);
});

test("Redis as the backend needs its URL, and the URL is never shown", () => {
  const env = { WEBSOCKET_CACHE_BACKEND: "redis" };
  expect(() => new ConfigStore(env)).toThrow(/redis\.url: expected a URL/);
  const store = new ConfigStore({ ...env, WEBSOCKET_REDIS_URL: "redis://:hidden-word@127.0.0.1:1" });
  expect(JSON.stringify([store.running(), store.effective()])).not.toContain("hidden-word");
});
