import { nearest } from "./nearest";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";

const groups = new Set(
  keyNames.flatMap((name) => {
    const parts = name.split(".");
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
  }),
);

const shortNames = new Map(
  keyNames.flatMap((name) => {
    const { short } = keyOf(name);
    return short === null ? [] : [[short, name] as const];
  }),
);
export function isKey(path: string): path is KeyName {
  return (keyNames as string[]).includes(path);
}

/** Whether keys stand below `path`. */
export function isGroup(path: string): boolean {
  return groups.has(path);
}

/** The key or group that an unknown one in a file may have meant; the guide's short names are understood. */
export function suggestKey(path: string): string | null {
  const spellings = new Map<string, string>();
  for (const [short, name] of shortNames) spellings.set(short, name);
  for (const name of [...groups, ...keyNames]) spellings.set(name, name);
  return spellings.get(nearest(path, spellings.keys()) ?? "") ?? null;
}

const prefix = "WEBSOCKET_";
const familiar = /^(MAX|LOG|HEARTBEAT|PING)_/i;

/**
 * The variable that an unknown one may have meant. A name without the service's prefix is taken for one of its
 * own only where it starts like a short name and has a letter too many, too few or swapped, or stands for a key of the log.
 */
export function suggestVariable(variable: string): string | null {
  const upper = variable.toUpperCase();
  if (upper.startsWith(prefix)) {
    const near = nearest(variable, [...keyNames.map(variableOf), `${prefix}CONFIG`]);
    if (near !== null) return near;
    const key = shortNames.get(nearest(upper.slice(prefix.length), shortNames.keys()) ?? "");
    return key === undefined ? null : variableOf(key);
  }
  if (!familiar.test(variable)) return null;
  if (shortNames.has(upper)) return upper;
  const logKey = upper.replace(/^LOG_/, `${prefix}LOGGING_`);
  if (keyNames.some((name) => variableOf(name) === logKey)) return logKey;
  const short = nearest(variable, shortNames.keys());
  if (short === null) return null;
  const oneMoreOrLess = Math.abs(short.length - upper.length) === 1;
  return oneMoreOrLess || letters(short) === letters(upper) ? short : null;
}

function letters(name: string): string {
  return [...name].sort().join("");
}
