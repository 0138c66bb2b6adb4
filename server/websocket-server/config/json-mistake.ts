// Each alternative begins with another character, so that no text makes it go back.
const token =
  /[ \t\r\n]*(?:("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"(?=[ \t\r\n,:\]}]|$))|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[ \t\r\n,\]}]|$)|true|false|null)|([{}[\],:]))/y;

type Expected = "value" | "value or ]" | "name" | "name or }" | ":" | ", or end";

/**
 * Where a text stops being JSON; null when it is JSON. YAML would take more than what other readers of a
 * `.json` file do, and the messages of JSON.parse do not always tell the place.
 */
export function findJsonMistake(text: string): { offset: number; message: string } | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return scan(text);
  }
}

function scan(text: string): { offset: number; message: string } {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let offset = 0;
  for (;;) {
    token.lastIndex = offset;
    const match = token.exec(text);
    const [whole = "", string, literal, sign] = match ?? [];
    const kind = string !== undefined ? "string" : literal !== undefined ? "value" : sign;
    const next: Expected | null = match === null ? null : step(open, expected, kind ?? "");
    if (next === null) break;
    expected = next;
    offset += whole.length;
  }
  while (/[ \t\r\n]/.test(text[offset] ?? "")) offset++;
  const got = text[offset] === undefined ? "the end of the file" : JSON.stringify(text[offset]);
  return { offset, message: `${wordsOf(expected, open)}, got ${got}` };
}

/** What is expected after a token; null when the token is not what was. */
function step(open: ("{" | "[")[], expected: Expected, kind: string): Expected | null {
  const named = expected === "name" || expected === "name or }";
  const valued = expected === "value" || expected === "value or ]";
  if (named && kind === "string") return ":";
  if (expected === ":" && kind === ":") return "value";
  if (valued && (kind === "string" || kind === "value")) return ", or end";
  if (valued && (kind === "{" || kind === "[")) {
    open.push(kind);
    return kind === "{" ? "name or }" : "value or ]";
  }
  const last = open.at(-1);
  if (expected === ", or end" && kind === "," && last) return last === "{" ? "name" : "value";
  const mayEnd =
    (kind === "}" && last === "{" && (expected === ", or end" || expected === "name or }")) ||
    (kind === "]" && last === "[" && (expected === ", or end" || expected === "value or ]"));
  if (!mayEnd) return null;
  open.pop();
  return ", or end";
}

function wordsOf(expected: Expected, open: readonly string[]): string {
  switch (expected) {
    case "name":
    case "name or }":
      return "a name in double quotes";
    case ", or end":
      return open.length === 0 ? "the end of the file" : `"," or "${open.at(-1) === "{" ? "}" : "]"}"`;
    case ":":
      return '":"';
    default:
      return "a value";
  }
}
