import { type MetricName, metrics } from "./contract/metrics";

/** The words that stand beside figures, as in the `common.units` messages. */
export interface UnitWords {
  day: string;
  dayHour: string;
  hourMinute: string;
  minuteSecond: string;
  minute: string;
  second: string;
  millisecond: string;
  ago: string;
  perSecond: string;
  kiloPerSecond: string;
  megaPerSecond: string;
  cores: string;
}

/** A figure apart from its unit, because the unit is drawn smaller. */
export interface Figure {
  value: string;
  unit: string;
}

type Amount = number | null | undefined;

const missing = "—";
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Never a hyphen for minus, as the copy rules ask. */
const minus = (text: string) => text.replace("-", "−");
const fill = (pattern: string, values: Record<string, string | number>) =>
  pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
const pad = (value: number) => String(value).padStart(2, "0");

export type Format = ReturnType<typeof createFormat>;

/** Figures, sizes and times in words. A missing figure is a dash, never a zero. */
export function createFormat(locale: string, words: UnitWords) {
  const formats = new Map<string, Intl.NumberFormat>();
  function plain(value: number, digits: number, fixed: boolean): string {
    const key = `${digits}${fixed}`;
    let format = formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        maximumFractionDigits: digits,
        minimumFractionDigits: fixed ? digits : 0,
      });
      formats.set(key, format);
    }
    return minus(format.format(Object.is(value, -0) ? 0 : value));
  }

  function number(value: Amount, digits = 0): string {
    return value == null || !Number.isFinite(value) ? missing : plain(value, digits, digits > 0);
  }

  /** 950, 12.4k, 3.1M: for axes, limits and where room is short. */
  function compact(value: Amount, digits = 1): string {
    if (value == null || !Number.isFinite(value)) return missing;
    const size = Math.abs(value);
    if (size >= 1e6) return `${plain(value / 1e6, digits, false)}M`;
    if (size >= 1e4) return `${plain(value / 1e3, digits, false)}k`;
    return plain(value, size < 10 ? digits : 0, false);
  }

  /** A tick of an axis that ends at `top`: all ticks of an axis carry the same k or M. */
  function axis(value: number, top: number): string {
    if (top >= 1e7) return `${plain(value / 1e6, 2, false)}M`;
    if (top >= 1e4) return `${plain(value / 1e3, 2, false)}k`;
    return plain(value, 3, false);
  }

  /** Of a share from 0 to 1. */
  function percent(ratio: Amount, digits = 0): string {
    return ratio == null || !Number.isFinite(ratio) ? missing : `${plain(ratio * 100, digits, false)}%`;
  }

  function bytesIn(value: Amount, power: number, digits = 2): string {
    return value == null ? missing : plain(value / 1024 ** power, digits, true);
  }

  function bytePower(value: number): number {
    if (value === 0) return 0;
    return Math.min(4, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
  }

  function bytes(value: Amount): Figure {
    if (value == null || !Number.isFinite(value)) return { value: missing, unit: "" };
    const power = bytePower(value);
    const scaled = Math.abs(value) / 1024 ** power;
    const digits = power === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
    return { value: plain(value / 1024 ** power, digits, digits > 0), unit: byteUnits[power] ?? "" };
  }

  function rate(value: Amount): Figure {
    if (value == null || !Number.isFinite(value)) return { value: missing, unit: "" };
    if (value >= 1e6) return { value: plain(value / 1e6, 2, true), unit: words.megaPerSecond };
    if (value >= 1e4) return { value: plain(value / 1e3, 1, true), unit: words.kiloPerSecond };
    return { value: plain(value, value < 10 && value % 1 !== 0 ? 1 : 0, false), unit: words.perSecond };
  }

  const join = ({ value, unit }: Figure) => {
    if (unit === "") return value;
    return unit.startsWith("/") ? value + unit : `${value} ${unit}`;
  };

  function milliseconds(value: Amount): Figure {
    if (value == null || !Number.isFinite(value)) return { value: missing, unit: "" };
    return { value: plain(value, value < 10 && value !== 0 ? 1 : 0, true), unit: "ms" };
  }

  /** "0.4 s", "48 s", "6 min 22 s", "3 h 05 min", "23 d 04 h". */
  function duration(ms: Amount): string {
    if (ms == null || !Number.isFinite(ms)) return missing;
    const seconds = Math.max(0, ms) / 1000;
    if (seconds < 10) return fill(words.second, { value: plain(seconds, 1, true) });
    const whole = Math.floor(seconds);
    if (whole < 60) return fill(words.second, { value: whole });
    if (whole < 3600) {
      return fill(words.minuteSecond, { minutes: Math.floor(whole / 60), seconds: pad(whole % 60) });
    }
    if (whole < 86_400) {
      return fill(words.hourMinute, {
        hours: Math.floor(whole / 3600),
        minutes: pad(Math.floor((whole % 3600) / 60)),
      });
    }
    return fill(words.dayHour, {
      days: plain(Math.floor(whole / 86_400), 0, false),
      hours: pad(Math.floor((whole % 86_400) / 3600)),
    });
  }

  /** "0.4 s ago". */
  const ago = (ms: Amount): string => (ms == null ? missing : fill(words.ago, { age: duration(ms) }));

  /** Short enough for a column: "23 d", "3 h 05 min". The full value belongs in the tooltip. */
  function uptime(seconds: Amount): string {
    if (seconds == null || !Number.isFinite(seconds)) return missing;
    return seconds < 86_400
      ? duration(Math.floor(seconds) * 1000)
      : fill(words.day, { value: plain(Math.floor(seconds / 86_400), 0, false) });
  }

  /** 24 h, UTC unless `local`. */
  function clock(atMs: Amount, options: { seconds?: boolean; local?: boolean } = {}): string {
    if (atMs == null || !Number.isFinite(atMs)) return missing;
    const date = new Date(atMs);
    const parts = options.local
      ? [date.getHours(), date.getMinutes(), date.getSeconds()]
      : [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
    return (options.seconds === false ? parts.slice(0, 2) : parts).map(pad).join(":");
  }

  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  /** "30 Nov 03:06", in UTC; the word UTC stands in the sentence around it. */
  function dateTime(atMs: Amount, options: { seconds?: boolean } = {}): string {
    if (atMs == null || !Number.isFinite(atMs)) return missing;
    const seconds = options.seconds ?? false;
    if (locale.startsWith("zh")) return `${days.format(atMs)} ${clock(atMs, { seconds })}`;
    const parts = Object.fromEntries(days.formatToParts(atMs).map((part) => [part.type, part.value]));
    return `${parts.day} ${parts.month} ${clock(atMs, { seconds })}`;
  }

  /** A metric's figure and unit as its panels show it. */
  function metric(name: MetricName, value: Amount): Figure {
    switch (metrics[name].unit) {
      case "count":
        return { value: number(value), unit: "" };
      case "per_second":
        return rate(value);
      case "bytes":
        return bytes(value);
      case "bytes_per_second": {
        const figure = bytes(value);
        return figure.unit === "" ? figure : { value: figure.value, unit: `${figure.unit}/s` };
      }
      case "ms":
        return milliseconds(value);
      case "cores":
        return { value: number(value, 2), unit: value == null ? "" : words.cores };
      case "ratio":
        return {
          value: value == null ? missing : plain(value * 100, 0, false),
          unit: value == null ? "" : "%",
        };
      case "seconds":
        return { value: uptime(value), unit: "" };
    }
  }

  return {
    locale,
    missing,
    number,
    compact,
    axis,
    percent,
    bytes,
    bytesIn,
    bytesText: (value: Amount) => join(bytes(value)),
    /** The exact count, for tooltips. */
    exactBytes: (value: Amount) => (value == null ? missing : `${plain(value, 0, false)} B`),
    rate,
    rateText: (value: Amount) => join(rate(value)),
    milliseconds,
    msText: (value: Amount) => join(milliseconds(value)),
    duration,
    ago,
    uptime,
    clock,
    dateTime,
    metric,
    metricText: (name: MetricName, value: Amount) => join(metric(name, value)),
  };
}
