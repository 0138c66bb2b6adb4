/**
 * UTF-8 that arrives in parts: refuses at the first byte that no valid text can have there, rather than at the
 * end of the message. Source: RFC 3629, section 4.
 */
export class Utf8Check {
  #due = 0;
  #lowest = 0x80;
  #highest = 0xbf;

  /** Whether no character is left half-written. */
  get complete(): boolean {
    return this.#due === 0;
  }

  /** False once the text can't become valid any more. */
  accepts(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (this.#due > 0) {
        if (byte < this.#lowest || byte > this.#highest) return false;
        this.#lowest = 0x80;
        this.#highest = 0xbf;
        this.#due--;
      } else if (byte >= 0x80 && !this.#begins(byte)) {
        return false;
      }
    }
    return true;
  }

  #begins(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // No overlong forms, no surrogates, nothing above U+10FFFF.
    if (byte === 0xe0) this.#lowest = 0xa0;
    else if (byte === 0xed) this.#highest = 0x9f;
    else if (byte === 0xf0) this.#lowest = 0x90;
    else if (byte === 0xf4) this.#highest = 0x8f;
    return true;
  }
}
