/** What reading a value gave: the value, or what was expected instead. */
export type Reading<T> = { ok: true; value: T } | { ok: false; expected: string };

export interface ConfigKey<T = unknown> {
  type: "integer" | "number" | "boolean" | "string" | "list";
  unit: string | null;
  default: T;
  description: string;
  hot: boolean;
  secret: boolean;
  /** A second, shorter environment variable. */
  short: string | null;
  /** Reads a value as it stands in a file. */
  read(value: unknown): Reading<T>;
  /** Turns a variable's text into what `read` takes. */
  fromText(text: string): unknown;
}

export type ValueOf<K> = K extends ConfigKey<infer T> ? T : never;

interface Common {
  description: string;
  hot?: boolean;
  secret?: boolean;
  short?: string;
}
interface Range extends Common {
  min: number;
  max: number;
  unit?: string;
}

function key<T>(
  own: Pick<ConfigKey<T>, "type" | "default" | "read" | "fromText">,
  common: Common & { unit?: string },
): ConfigKey<T> {
  return {
    ...own,
    unit: common.unit ?? null,
    description: common.description,
    hot: common.hot ?? false,
    secret: common.secret ?? false,
    short: common.short ?? null,
  };
}

function numberFromText(text: string): unknown {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : text;
}

function reading<T>(accepted: boolean, value: T, expected: string): Reading<T> {
  return accepted ? { ok: true, value } : { ok: false, expected };
}

export function integer(fallback: number, range: Range): ConfigKey<number> {
  const expected = `a whole number from ${range.min} to ${range.max}${range.unit ? ` (${range.unit})` : ""}`;
  return key<number>(
    {
      type: "integer",
      default: fallback,
      fromText: numberFromText,
      read: (value) =>
        reading(
          Number.isSafeInteger(value) && Number(value) >= range.min && Number(value) <= range.max,
          Number(value),
          expected,
        ),
    },
    range,
  );
}

export function seconds(fallback: number, range: Omit<Range, "unit">): ConfigKey<number> {
  const expected = `a number of seconds from ${range.min} to ${range.max}`;
  return key<number>(
    {
      type: "number",
      default: fallback,
      fromText: numberFromText,
      read: (value) =>
        reading(
          typeof value === "number" && value >= range.min && value <= range.max,
          Number(value),
          expected,
        ),
    },
    { ...range, unit: "seconds" },
  );
}

/** A number, or one word in its place. */
export function numberOr<W extends string>(word: W, range: Range): ConfigKey<number | W> {
  const expected = `${word} or a number from ${range.min} to ${range.max}${range.unit ? ` (${range.unit})` : ""}`;
  return key<number | W>(
    {
      type: "string",
      default: word,
      fromText: numberFromText,
      read: (value) =>
        typeof value === "number"
          ? reading(value >= range.min && value <= range.max, value, expected)
          : reading(value === word, word, expected),
    },
    range,
  );
}

export function boolean(fallback: boolean, common: Common): ConfigKey<boolean> {
  return key<boolean>(
    {
      type: "boolean",
      default: fallback,
      fromText: (text) =>
        /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : text,
      read: (value) => reading(typeof value === "boolean", value === true, "true or false"),
    },
    common,
  );
}

const control = /\p{Cc}/u;
const longestText = 4_096;
const longestList = 1_000;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= longestText && !control.test(value);
}

export function text(fallback: string, common: Common): ConfigKey<string> {
  return key<string>(
    {
      type: "string",
      default: fallback,
      fromText: (value) => value,
      read: (value) => reading(isText(value), String(value), "text"),
    },
    common,
  );
}

export function optionalText(common: Common): ConfigKey<string | null> {
  const inner = text("", common);
  return {
    ...inner,
    default: null,
    read: (value) => (value === null ? { ok: true, value: null } : inner.read(value)),
  };
}

/** What a text must be like, in words and as a question. */
interface Form {
  expected: string;
  accepts(text: string): boolean;
}

/** A text of a form, unset when left out. */
export function optionalForm({ expected, accepts }: Form, common: Common): ConfigKey<string | null> {
  const inner = optionalText(common);
  return {
    ...inner,
    read: (value) =>
      value === null || (isText(value) && accepts(value)) ? inner.read(value) : { ok: false, expected },
  };
}

/** A list of texts of a form, empty when left out. */
export function formList({ expected, accepts }: Form, common: Common): ConfigKey<string[]> {
  const inner = textList([], common);
  return {
    ...inner,
    read: (value) => {
      const list = inner.read(value);
      return list.ok && !list.value.every(accepts) ? { ok: false, expected } : list;
    },
  };
}

/** One of `choices`, told without regard to case. */
export function choice(fallback: string, choices: readonly string[], common: Common): ConfigKey<string> {
  return key<string>(
    {
      type: "string",
      default: fallback,
      fromText: (value) => value,
      read: (value) => {
        const lower = typeof value === "string" ? value.toLowerCase() : null;
        const told = choices.find((each) => each.toLowerCase() === lower);
        return reading(told !== undefined, told ?? "", `one of ${choices.join(", ")}`);
      },
    },
    common,
  );
}

export function textList(fallback: string[], common: Common): ConfigKey<string[]> {
  return key<string[]>(
    {
      type: "list",
      default: fallback,
      fromText: (value) =>
        value
          .split(",")
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ""),
      read: (value) =>
        Array.isArray(value) && value.length <= longestList && value.every(isText)
          ? { ok: true, value }
          : { ok: false, expected: `a list of at most ${longestList} texts` },
    },
    common,
  );
}
