const maxLines = 5_000;
const maxBytes = 1_048_576;

export interface RecentLine {
  /** Counts the lines of this process from 1. */
  number: number;
  text: string;
}

/** The newest lines of this process, for when the file can't be read and for readers that come back. */
export class RecentLines {
  #lines: RecentLine[] = [];
  #first = 0;
  #characters = 0;

  add(line: RecentLine): void {
    this.#lines.push(line);
    this.#characters += line.text.length;
    while (this.#lines.length - this.#first > maxLines || this.#characters > maxBytes) {
      this.#characters -= (this.#lines[this.#first] as RecentLine).text.length;
      this.#first++;
    }
    if (this.#first > maxLines) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Oldest first. */
  all(): RecentLine[] {
    return this.#lines.slice(this.#first);
  }
}
