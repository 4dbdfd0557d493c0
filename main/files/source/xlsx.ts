/**
 * Excel workbooks: their sheets, and one of them as CSV, so that whatever reads text reads a sheet. A row of the sheet
 * is a line of the CSV, empty rows included, so that line numbers are row numbers.
 */
import { readFile } from 'node:fs/promises';
import { csvField } from '../../base/csv.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ZipMember } from '../types.ts';

/** A workbook is held in memory while it is read; Excel's own limit of rows is met long before this. */
const LARGEST_FILE = 256 << 20;
/** Of all parts unpacked: more is a zip bomb, or no table for Excel. */
const LARGEST_UNPACKED = 1 << 30;
/** Of a sheet: Excel's own limit of rows (the library keeps that of columns), and cells, the empty ones before a row's last among them. */
const MOST_ROWS = 1 << 20;
const MOST_CELLS = 200e6;
/** Sheets that are looked at to find those that hold something. */
const MOST_SHEETS = 100;
/** Rows that tell how many columns the sheet has. */
const LOOKED_AT = 1000;
const FLUSH = 1 << 16;

/** Loads only where a file needs it. */
const library = (): Promise<typeof import('hucre/xlsx')> => import('hucre/xlsx');

/** Whether the files of an archive are those of a workbook. */
export const isWorkbook = (members: readonly ZipMember[]): boolean =>
  members.some(({ path }) => path === 'xl/workbook.xml');

/** Names of the sheets that hold something, in their order. @throws WorkbenchError `too-large`, `damaged-file` */
export async function sheetNames(
  path: string,
  bytes: number,
  members: readonly ZipMember[],
): Promise<string[]> {
  const unpacked = members.reduce((sum, member) => sum + member.bytes, 0);
  if (bytes > LARGEST_FILE || unpacked > LARGEST_UNPACKED) {
    throw new WorkbenchError(
      'too-large',
      `The workbook is too large to be read (${Math.round(unpacked / 2 ** 20)} MB unpacked; the limit is 1,024 MB).`,
      'Save its sheet of ratings as CSV, and import that.',
    );
  }
  const workbook = await readFile(path);
  try {
    const { readXlsx, streamXlsxRows } = await library();
    const names: string[] = [];
    const noneOfThem = ({ name }: { name: string }): boolean => {
      names.push(name);
      return false;
    };
    await readXlsx(workbook, { sheets: noneOfThem });
    if (names.length === 1) return names;
    const filled: string[] = [];
    for (const name of names.slice(0, MOST_SHEETS)) {
      for await (const _row of streamXlsxRows(workbook, { sheet: name, maxRows: 1 })) filled.push(name);
    }
    return filled;
  } catch (error) {
    throw damaged(error);
  }
}

/** The sheet as CSV in UTF-8: dates as ISO 8601 in UTC, numbers as Excel shows them in full, line breaks as spaces. */
export async function* sheetBytes(path: string, sheet: string): AsyncGenerator<Uint8Array> {
  const { streamXlsxRows } = await library();
  const workbook = await readFile(path);
  let ahead: Row[] | null = [];
  let width = 0;
  let next = 0;
  let text = '';
  const write = ({ index, fields }: Row): void => {
    text += '\n'.repeat(Math.max(0, index - next));
    next = index + 1;
    const missing = fields.length === 0 ? 0 : Math.max(0, width - fields.length);
    text += fields.map(csvField).join(',') + ','.repeat(missing) + '\n';
  };
  const writeAhead = (): void => {
    ahead?.forEach(write);
    ahead = null;
  };
  try {
    let cells = 0;
    for await (const { index, values } of streamXlsxRows(workbook, { sheet })) {
      cells += Math.max(values.length, width);
      assertBounds(sheet, index, cells);
      const row = { index, fields: fieldsOf(values) };
      if (ahead) {
        ahead.push(row);
        width = Math.max(width, row.fields.length);
        if (ahead.length === LOOKED_AT) writeAhead();
      } else write(row);
      if (text.length > FLUSH) {
        yield Buffer.from(text);
        text = '';
      }
    }
  } catch (error) {
    throw damaged(error);
  }
  writeAhead();
  if (text !== '') yield Buffer.from(text);
}

/** A file may claim any row and column; few bytes of it would be a sheet that fills the disk. */
function assertBounds(sheet: string, index: number, cells: number): void {
  const reason =
    index >= MOST_ROWS
      ? `row ${(index + 1).toLocaleString('en')}, and Excel has ${MOST_ROWS.toLocaleString('en')}`
      : cells > MOST_CELLS
        ? `more than ${MOST_CELLS.toLocaleString('en')} cells`
        : null;
  if (reason === null) return;
  throw new WorkbenchError(
    'too-large',
    `The sheet ${sheet} is too large to be read: it has ${reason}.`,
    'Save the columns of ratings as CSV, and import that.',
  );
}

interface Row {
  /** Number of the row in the sheet, from 0. */
  index: number;
  fields: string[];
}

/** The cells as text, empty ones at the end left out. */
function fieldsOf(cells: readonly unknown[]): string[] {
  const fields = cells.map(cellText);
  while (fields.at(-1) === '') fields.pop();
  return fields;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return dateText(cell);
  // Excel shows 15 digits: 0.1 + 0.2 is .3 to whoever made the sheet. Whole numbers are ids, and stay exact.
  if (typeof cell === 'number')
    return String(Number.isSafeInteger(cell) ? cell : Number(cell.toPrecision(15)));
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return typeof cell === 'string' ? cell.replaceAll(/\r\n|\n|\r/g, ' ') : '';
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

function damaged(error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
  return new WorkbenchError(
    'damaged-file',
    `The workbook cannot be read: ${reason}.`,
    'Open it in Excel and save it again, or save its sheet as CSV.',
  );
}
