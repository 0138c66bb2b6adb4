import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A folder of its own for each test of a file, and what stands in its logs. */
export function testFolder(hooks: Record<"beforeEach" | "afterEach", (run: () => void) => void>) {
  const folder = { path: "" };
  hooks.beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), "log-"));
  });
  hooks.afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return {
    get path() {
      return folder.path;
    },
    names: () => readdirSync(folder.path).sort(),
    /** Every line, oldest first: of `name-….log[.gz]` in the order of names, then of `name.log`. */
    lines(name: string, inside = ".") {
      const path = join(folder.path, inside);
      const rotated = readdirSync(path)
        .filter((each) => each.startsWith(`${name}-`))
        .sort();
      return [...rotated, `${name}.log`].flatMap((each) => {
        const content = readFileSync(join(path, each));
        const text = (each.endsWith(".gz") ? gunzipSync(content) : content).toString();
        return text.split("\n").filter((line) => line !== "");
      });
    },
  };
}
