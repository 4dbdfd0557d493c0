/**
 * Fields of one line whose quotes need not be in place. A quote counts only where it closes right before a delimiter or
 * the end; otherwise the field is taken as it stands, as in `a,"Weird Al" Yankovic`.
 */
export function splitLoosely(line: string, delimiter: string, quote: string): string[] {
  const fields: string[] = [];
  for (let at = 0; ; at += delimiter.length) {
    const quoted = quote === '' ? null : quotedField(line, at, delimiter, quote);
    const next = line.indexOf(delimiter, at);
    const end = quoted?.end ?? (next < 0 ? line.length : next);
    fields.push(quoted?.text ?? line.slice(at, end));
    if (end >= line.length) return fields;
    at = end;
  }
}

function quotedField(
  line: string,
  from: number,
  delimiter: string,
  quote: string,
): { text: string; end: number } | null {
  if (!line.startsWith(quote, from)) return null;
  let close = line.indexOf(quote, from + 1);
  while (close >= 0 && line[close + 1] === quote) close = line.indexOf(quote, close + 2);
  const end = close + 1;
  if (close < 0 || (end < line.length && !line.startsWith(delimiter, end))) return null;
  return { text: line.slice(from + 1, close).replaceAll(quote + quote, quote), end };
}
