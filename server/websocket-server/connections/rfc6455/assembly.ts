import { Utf8Check } from "./utf8-check";

const firstBytes = 1_024;
const nothing = Buffer.alloc(0);

/**
 * A message of which a part is still to come. Parts are copied: as views of what the socket read, each byte of
 * a drip-fed message would keep a buffer of 64 KiB alive. Memory follows the bytes that came, not the length
 * that was announced.
 */
export class Assembly {
  readonly binary: boolean;
  fragments = 0;
  /** Announced so far by the frames' headers. */
  announcedBytes = 0;
  readonly #utf8: Utf8Check | null;
  #buffer = nothing;
  #length = 0;

  constructor(binary: boolean) {
    this.binary = binary;
    this.#utf8 = binary ? null : new Utf8Check();
  }

  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** False when the text can't be UTF-8. */
  append(part: Buffer): boolean {
    if (this.#utf8?.accepts(part) === false) return false;
    const length = this.#length + part.length;
    if (length > this.#buffer.length) {
      const wanted = Math.max(firstBytes, Math.min(2 * length, this.announcedBytes));
      const larger = Buffer.allocUnsafeSlow(Math.max(length, wanted));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    part.copy(this.#buffer, this.#length);
    this.#length = length;
    return true;
  }

  /** The whole message, null when its text ends within a character. */
  finish(): Buffer | null {
    if (this.#utf8?.complete === false) return null;
    return this.#buffer.subarray(0, this.#length);
  }
}
