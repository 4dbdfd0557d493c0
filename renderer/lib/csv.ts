/** Tables as text for the clipboard and for files. */

export type Cell = string | number | null | undefined;

/** RFC 4180 with LF; null is an empty field. Text that a spreadsheet would run as a formula gets a quote before it. */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\n') + '\n';
}

function field(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=@\t\r]|^[+-](?![\d.−]|$)/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tab separated, for pasting into a spreadsheet. */
export function toTsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows]
    .map((row) => row.map((value) => String(value ?? '').replace(/[\t\n\r]/g, ' ')).join('\t'))
    .join('\n');
}
