/**
 * The record splitter once more, written for clearness over a whole string: what main/files/text/scan.ts is checked
 * against. A field is quoted where its first character is the quote.
 */
export interface ReferenceRecord {
  line: number;
  /** Null for a line whose quoting is broken. */
  fields: string[] | null;
  text: string;
}

interface Attempt {
  fields: string[];
  end: number;
  lines: number;
}

const newline = /\r\n|\n|\r/y;
const newlines = /\r\n|\n|\r/g;

function lineEndAt(text: string, at: number): number {
  newline.lastIndex = at;
  return newline.test(text) ? newline.lastIndex - at : 0;
}

function attempt(text: string, from: number, delimiter: string, quote: string): Attempt | null {
  const fields: string[] = [];
  let at = from;
  let lines = 0;
  for (;;) {
    let field = '';
    if (quote !== '' && text[at] === quote) {
      let close = at + 1;
      for (;;) {
        close = text.indexOf(quote, close);
        if (close < 0) return null;
        if (text[close + 1] !== quote) break;
        close += 2;
      }
      const raw = text.slice(at + 1, close);
      lines += raw.match(newlines)?.length ?? 0;
      field = raw.replaceAll(quote + quote, quote);
      at = close + 1;
      if (at < text.length && lineEndAt(text, at) === 0 && !text.startsWith(delimiter, at)) return null;
    } else {
      while (at < text.length && lineEndAt(text, at) === 0 && !text.startsWith(delimiter, at))
        field += text[at++];
    }
    fields.push(field);
    if (at >= text.length || lineEndAt(text, at) > 0) return { fields, end: at, lines };
    at += delimiter.length;
  }
}

/** @param expected fields of a record; a record over several lines with another number is a broken line */
export function referenceRecords(
  text: string,
  delimiter: string,
  quote: string,
  expected: number,
): ReferenceRecord[] {
  const records: ReferenceRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const blank = lineEndAt(text, at);
    if (blank > 0) {
      at += blank;
      line++;
      continue;
    }
    const found = attempt(text, at, delimiter, quote);
    if (found && !(found.lines > 0 && expected > 0 && found.fields.length !== expected)) {
      records.push({ line, fields: found.fields, text: text.slice(at, found.end) });
      at = found.end + lineEndAt(text, found.end);
      line += 1 + found.lines;
      continue;
    }
    let end = at;
    while (end < text.length && lineEndAt(text, end) === 0) end++;
    records.push({ line, fields: null, text: text.slice(at, end) });
    at = end + lineEndAt(text, end);
    line++;
  }
  return records;
}
