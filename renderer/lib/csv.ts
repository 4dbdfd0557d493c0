/** Tables as text for the clipboard and for files. */
import { safeCsv } from '../../shared/safe-csv.ts';

export type Cell = string | number | null | undefined;

/** RFC 4180 with LF; null is an empty field. `safe`: with an apostrophe before what a spreadsheet takes for a formula. */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[], safe: boolean): string {
  const text = [columns, ...rows].map((row) => row.map(field).join(',')).join('\n') + '\n';
  return safe ? safeCsv(text) : text;
}

function field(value: Cell): string {
  const text = String(value ?? '');
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tab separated, for pasting into a spreadsheet. */
export function toTsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows]
    .map((row) => row.map((value) => String(value ?? '').replace(/[\t\n\r]/g, ' ')).join('\t'))
    .join('\n');
}
