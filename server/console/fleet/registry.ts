import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { noRegion } from "../../../lib/contract/metrics";
import { CodedError } from "../../../lib/errors";

/** A server as it is registered; the token is never handed to a browser or a log. */
export interface Member {
  id: string;
  name: string;
  labels: Record<string, string>;
  region: string;
  adminUrl: string;
  wsUrl: string | null;
  token: string | null;
}

export interface BundledMember {
  id: string;
  name: string;
  adminUrl: string;
  wsUrl: string;
  token?: string;
}

export interface RegistryMistake {
  file: string;
  line: number | null;
  key: string | null;
  message: string;
}

const url = (protocols: string[]) =>
  z.string().refine(
    (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : null;
      return (
        parsed !== null &&
        protocols.includes(parsed.protocol) &&
        parsed.username === "" &&
        parsed.password === "" &&
        parsed.search === "" &&
        parsed.hash === ""
      );
    },
    {
      message: `expected a URL with ${protocols.map((p) => `${p}//`).join(" or ")}, no password and no query`,
    },
  );

const label = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const entrySchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, "expected letters, digits and . _ : -, at most 100"),
    name: z.string().min(1).max(100).optional(),
    labels: z.record(z.string().min(1).max(63), label).default({}),
    admin_url: url(["http:", "https:"]),
    ws_url: url(["ws:", "wss:"]).optional(),
    token_file: z.string().min(1).optional(),
    token: z.string().min(1).optional(),
  })
  .refine((entry) => !(entry.token && entry.token_file), {
    message: "expected token or token_file, not both",
    path: ["token_file"],
  })
  .refine((entry) => !entry.labels.region?.includes(","), {
    message: "expected a region without a comma",
    path: ["labels", "region"],
  });

const fileSchema = z.strictObject({ servers: z.array(entrySchema).min(1) });

/**
 * Reads the fleet file. Throws INVALID_CONFIG with every mistake in `details.mistakes` and the first of them,
 * with its line, as the message.
 */
export function readRegistry(file: string): Member[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw invalid([{ file, line: null, key: null, message: `can't be read (${systemCode(error)})` }], error);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    key: null,
    message: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "is not YAML",
  }));
  if (broken.length > 0) throw invalid(broken);

  const lineOf = (path: PropertyKey[]): number | null => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const mistake = (path: PropertyKey[], message: string): RegistryMistake => ({
    file,
    line: lineOf(path),
    key: keyText(path),
    message,
  });

  const parsed = fileSchema.safeParse(document.toJS());
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => mistake(issue.path, issue.message)));

  const seen = new Set<string>();
  return parsed.data.servers.map((entry, i) => {
    if (seen.has(entry.id)) {
      throw invalid([mistake(["servers", i, "id"], `${entry.id} is listed twice`)]);
    }
    seen.add(entry.id);
    let token = entry.token ?? null;
    if (entry.token_file) {
      const path = resolve(dirname(file), entry.token_file);
      try {
        token = readFileSync(path, "utf8").trim();
      } catch (error) {
        throw invalid(
          [mistake(["servers", i, "token_file"], `${path} can't be read (${systemCode(error)})`)],
          error,
        );
      }
      if (token === "") throw invalid([mistake(["servers", i, "token_file"], `${path} is empty`)]);
    }
    return {
      id: entry.id,
      name: entry.name ?? entry.id,
      labels: entry.labels,
      region: entry.labels.region ?? noRegion,
      adminUrl: entry.admin_url,
      wsUrl: entry.ws_url ?? null,
      token,
    };
  });
}

/** The registry of a console without a fleet file: the one service that was started with it. */
export function bundledRegistry(bundled: BundledMember | null): Member[] {
  if (!bundled) return [];
  return [
    {
      id: bundled.id,
      name: bundled.name,
      labels: {},
      region: noRegion,
      adminUrl: bundled.adminUrl,
      wsUrl: bundled.wsUrl,
      token: bundled.token ?? null,
    },
  ];
}

function invalid(mistakes: RegistryMistake[], cause?: unknown): CodedError {
  const [first] = mistakes;
  const place = first ? `${first.file}${first.line === null ? "" : `:${first.line}`}` : "fleet file";
  const key = first?.key ? `${first.key}: ` : "";
  const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : "";
  return new CodedError(
    "INVALID_CONFIG",
    `${place}: ${key}${first?.message ?? "is broken"}${more}`,
    { mistakes },
    cause,
  );
}

function keyText(path: PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`))
    .join("");
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
}
