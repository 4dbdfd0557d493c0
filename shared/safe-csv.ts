/** Cells that a spreadsheet would run instead of show. */

/** A cell, quoted or not, and what ends it. */
const cells = /("(?:[^"]|"")*"|[^",\r\n][^,\r\n]*|)(,|\r\n|\n|\r|$)/g;
/** Excel, LibreOffice and Google Sheets take these at the start for a formula; the wide forms too in some languages. */
const formula = /^"?[\t\r\n ]*[=+\-@＝＋－＠]/;
const number = /^"?[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?"?$/i;

/**
 * Whole records of CSV with an apostrophe before each cell that a spreadsheet takes for a formula. Numbers stay, also
 * those with a sign.
 */
export function safeCsv(text: string): string {
  return text.replace(cells, (_, cell: string, end: string) => safeCell(cell) + end);
}

function safeCell(cell: string): string {
  if (!formula.test(cell) || number.test(cell)) return cell;
  return cell.startsWith('"') ? `"'${cell.slice(1)}` : `'${cell}`;
}
