import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "../process/project.mjs";

const folders = ["app", "components", "lib", "server"];
const codeFile = /\.(tsx?|mjs|css)$/;
const testFile = /\.test\.tsx?$/;

// a page that names another host would be caught by its content policy only when someone opens it
const fixedHost =
  /\b(?:https?|wss?):\/\/(?!127\.0\.0\.1|[\w.-]+\.invalid\b|www\.w3\.org)[a-z\d][\w-]*\.[\w.-]+/gi;

const rules = [
  {
    name: "names a fixed host",
    applies: (file) => !testFile.test(file) && !file.startsWith("server/testing/"),
    find: (line) => (isComment(line) ? null : line.match(fixedHost)),
  },
  {
    name: "touches globalThis, which only server/console/runtime.ts may",
    applies: (file) =>
      file !== "server/console/runtime.ts" && !file.startsWith("server/testing/") && !testFile.test(file),
    find: (line) => (isComment(line) ? null : line.match(/\bglobalThis\b(?!\.navigator\b)/)),
  },
];

/** Lines of the sources that break a rule which neither linter nor import rules can tell. */
export function checkSourceTexts(root = projectRoot) {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .flatMap((path) => brokenLines(root, path));
}

function brokenLines(root, path) {
  const file = relative(root, path);
  const applying = rules.filter((rule) => rule.applies(file));
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      return applying.flatMap(({ name, find }) => {
        const found = find(line);
        return found ? [`${file}:${index + 1} ${name}: ${found[0]}`] : [];
      });
    });
}

function isComment(line) {
  return /^\s*(\/\/|\/?\*)/.test(line);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && codeFile.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
