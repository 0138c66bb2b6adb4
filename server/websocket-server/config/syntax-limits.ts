/** Brackets in a whole file, and columns before a line's first word: far above what any real file has. */
const mostBrackets = 500;
const deepestColumn = 200;

export interface TooDeep {
  offset: number;
  message: string;
}

/**
 * Where a text could nest deeper than the YAML parser's own recursion bears: it ends the whole process, not
 * with an error. Told from an upper bound that takes one pass, since any closer look would parse as well.
 */
export function findTooDeep(text: string): TooDeep | null {
  let brackets = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "[" && text[i] !== "{") continue;
    brackets++;
    if (brackets > mostBrackets) {
      return { offset: i, message: `expected at most ${mostBrackets} brackets and braces` };
    }
  }
  // Within one line blocks nest only by the indicators before its first word.
  for (const match of text.matchAll(/^(?:[-?:][ \t]+|[&!]\S*[ \t]+|[ \t])*/gm)) {
    if (match[0].length > deepestColumn) {
      const message = `expected a line's first word within the first ${deepestColumn} columns`;
      return { offset: match.index + deepestColumn, message };
    }
  }
  return null;
}
