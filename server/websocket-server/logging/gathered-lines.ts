/** Between writes at least. */
const everyMs = 25;
/** What is not made to wait. */
const manyCharacters = 65_536;

/** Joins lines that follow each other closely: to write one costs as much as to write a hundred. */
export class GatheredLines {
  readonly #write: (text: string, lines: number) => void;
  #waiting: string[] = [];
  #characters = 0;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  /** `write` takes lines with their breaks. */
  constructor(write: (text: string, lines: number) => void) {
    this.#write = write;
  }

  /** Written at the end of this turn of the event loop, or later when the last write was a moment ago. */
  add(line: string): void {
    this.#waiting.push(line);
    this.#characters += line.length;
    if (this.#characters >= manyCharacters) {
      this.flush();
      return;
    }
    if (this.#cancel !== null) return;
    const leftMs = this.#wroteAt + everyMs - performance.now();
    if (leftMs > 0) {
      const timer = setTimeout(() => this.flush(), leftMs);
      this.#cancel = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(() => this.flush());
      this.#cancel = () => clearImmediate(immediate);
    }
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    this.#wroteAt = performance.now();
    this.#write(`${lines.join("\n")}\n`, lines.length);
  }
}
