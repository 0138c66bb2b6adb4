import { nearest } from "./nearest";
import { type KeyName, keyNames, keyOf, variableOf } from "./schema";

const groups = new Set(
  keyNames.flatMap((name) => {
    const parts = name.split(".");
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
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
  for (const name of keyNames) {
    const { short } = keyOf(name);
    if (short !== null) spellings.set(short, name);
  }
  for (const name of [...groups, ...keyNames]) spellings.set(name, name);
  return spellings.get(nearest(path, spellings.keys()) ?? "") ?? null;
}

const shortNames = new Map(
  keyNames.flatMap((name) => {
    const { short } = keyOf(name);
    return short === null ? [] : [[short, name] as const];
  }),
);
const familiar = /^(MAX|LOG|HEARTBEAT|PING)_/i;

/**
 * The variable that an unknown one may have meant. A name without the service's prefix is taken for one of its
 * own only where it starts like a short name and is a letter off, or stands for a key of the log.
 */
export function suggestVariable(variable: string): string | null {
  if (variable.toUpperCase().startsWith("WEBSOCKET_")) {
    return nearest(variable, [...keyNames.map(variableOf), "WEBSOCKET_CONFIG"]);
  }
  if (!familiar.test(variable)) return null;
  const logKey = variable.toUpperCase().replace(/^LOG_/, "WEBSOCKET_LOGGING_");
  if (keyNames.some((name) => variableOf(name) === logKey)) return logKey;
  const short = nearest(variable, shortNames.keys());
  const oneOff = short !== null && Math.abs(short.length - variable.length) === 1;
  return oneOff || short?.toLowerCase() === variable.toLowerCase() ? short : null;
}
