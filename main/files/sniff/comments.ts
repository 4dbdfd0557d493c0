/** Lines above the records that begin with # or %: comments, and what MatrixMarket and KONECT files say of themselves. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { doubted, remedy, told } from '../interpretations.ts';
import { rolesOf } from './names.ts';
import type { SampleArea } from './sampled-table.ts';

export interface Comments {
  /** Physical lines that are left out, and their bytes. */
  lines: number;
  bytes: number;
  /** Names of the columns that such a file has by its format; empty for others. */
  names: readonly string[];
  interpretations: Interpretation[];
}

const none: Comments = { lines: 0, bytes: 0, names: [], interpretations: [] };
const swap = remedy('Take rows as items', '--user 2 --item 1', { user: 2, item: 1 });

/** @throws WorkbenchError `not-ratings` for a dense matrix of MatrixMarket, which has no pairs */
export function leadingComments(head: Uint8Array): Comments {
  const lines = linesOf(head.subarray(0, 1 << 16));
  let count = lines.findIndex((line) => !/^[#%]/.test(line));
  if (count < 0) count = lines.length;
  // The last one may name the columns.
  if (count > 0 && namesColumns(lines[count - 1] ?? '')) count--;
  const [first] = lines;
  if (count === 0 || first === undefined) return none;
  const isMatrix = /^%%MatrixMarket\s+matrix/i.test(first);
  if (isMatrix && !/\bcoordinate\b/i.test(first))
    throw new WorkbenchError(
      'not-ratings',
      'The file is a dense matrix of MatrixMarket, without rows and columns of its values.',
      'Write it as a sparse one (coordinate), or as delimited text and import that with --wide.',
    );
  // A matrix says its size on the first line that is no comment.
  const skipped = isMatrix ? count + 1 : count;
  const bytes = lines.slice(0, skipped).reduce((sum, line) => sum + line.length, 0);
  const isKonect = /^%\s*(bip|sym|asym)\s+\S+/i.test(first);
  const about = `${count} ${count === 1 ? 'line' : 'lines'} of comments above the records ${count === 1 ? 'is' : 'are'} left out.`;
  const facts = { rows: skipped };
  if (!isMatrix && !isKonect)
    return { lines: skipped, bytes, names: [], interpretations: [told('comments', about, facts)] };
  const what = isMatrix ? 'MatrixMarket' : 'KONECT';
  const said = `${about} The file is one of ${what}: its first column is taken as users, its second as items.`;
  return {
    lines: skipped,
    bytes,
    names: ['user', 'item', 'weight', ...(isKonect ? ['timestamp'] : [])],
    interpretations: [doubted('comments', said, { ...facts, otherwise: [swap] })],
  };
}

/** Whole lines with their ends: the comments and the line after them. */
function linesOf(head: Uint8Array): string[] {
  const lines: string[] = [];
  const text = Buffer.from(head).toString('latin1');
  const end = /\r\n|\r|\n/g;
  for (let from = 0, comments = true; comments; from = end.lastIndex) {
    comments = text[from] === '#' || text[from] === '%';
    if (end.exec(text) === null) break;
    lines.push(text.slice(from, end.lastIndex));
  }
  return lines;
}

/** Whether a comment names two columns, as `# user,item,rating`. */
function namesColumns(line: string): boolean {
  const fields = line
    .replace(/^[#%]+/, '')
    .trim()
    .split(/\s*[,;|\t]\s*|\s+/);
  return fields.length <= 20 && Object.keys(rolesOf(fields)).length >= 2;
}

/** The areas without the comments. */
export function withoutComments(areas: readonly SampleArea[], { bytes }: Comments): readonly SampleArea[] {
  if (bytes === 0) return areas;
  return areas.map((area) => (area.head ? { ...area, bytes: area.bytes.subarray(bytes) } : area));
}
