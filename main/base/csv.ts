/** A field of a CSV file, quoted where it must be (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV in pieces of whole records: a cut is at a line end that stands in no quotes. */
export async function* csvRecords(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    held += String(chunk);
    let [end, quoted] = [0, false];
    for (let k = 0; k < held.length; k++) {
      if (held[k] === '"') quoted = !quoted;
      else if (held[k] === '\n' && !quoted) end = k + 1;
    }
    if (end > 0) yield held.slice(0, end);
    held = held.slice(end);
  }
  if (held !== '') yield held;
}
