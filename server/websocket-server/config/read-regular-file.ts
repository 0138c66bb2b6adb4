import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * A file's bytes. Throws for what is no regular file (reading a pipe would wait for ever) and for one of more
 * than `largest` bytes, also when it grows meanwhile.
 */
export function readRegularFile(file: string, largest: number): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new Error("it is a folder");
    if (!stat.isFile()) throw new Error("it is not a regular file");
    const buffer = Buffer.alloc(Math.min(stat.size, largest) + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) return buffer.subarray(0, length);
      length += read;
    }
    throw new Error(`it has more than ${Math.min(stat.size, largest)} bytes`);
  } finally {
    closeSync(descriptor);
  }
}
