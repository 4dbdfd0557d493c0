/** Figures and tables as people read them. */
import { printableLine } from './printable.ts';

/** Aligned columns: text left, figures right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => (cell === null ? '–' : printableLine(figure(cell)))),
  );
  const widths = head.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, row[column].length), 0),
  );
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] !== 'string'),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A number as people read it: grouped when whole, four figures after the point when not. */
export function figure(value: string | number): string {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(4);
}
