/** A pattern in which `*` stands for any run of characters, ready to be asked often. Takes linear space. */
export interface Glob {
  /** What every match begins with. */
  readonly head: string;
  matches(name: string): boolean;
}

export function globOf(pattern: string): Glob {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return { head, matches: (name) => name === pattern };
  const tail = rest.pop() ?? "";
  const matches = (name: string) => {
    if (!name.startsWith(head)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return name.length - tail.length >= at && name.endsWith(tail);
  };
  return { head, matches };
}

export function matchesGlob(pattern: string, name: string): boolean {
  return globOf(pattern).matches(name);
}
