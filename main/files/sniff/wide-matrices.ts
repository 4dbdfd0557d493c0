/** Users × items matrices: which column is the user, and what stands for "not rated". */
import type { Interpretation } from '../../../shared/imports.ts';
import { asked, doubted, remedy, told } from '../interpretations.ts';
import type { ColumnRef } from '../types.ts';
import { columnAt, rolesOf } from './names.ts';
import type { WidePlan } from './plan.ts';
import { numberOf, numericShare } from './values.ts';

export interface WideSample {
  names: string[];
  records: string[][];
  columnCount: number;
  decimal: '.' | ',';
}

/** Fewer columns of numbers are rather a table. */
const FEWEST = 20;
/** Different numbers in the cells of a matrix with fewer columns. */
const MOST_VALUES = 25;

/** Whether every sampled row is numbers, and the first of them counts the cells that are rated (Jester's files). */
export function isJester({ records, columnCount, decimal }: WideSample): boolean {
  if (columnCount < FEWEST || records.length === 0) return false;
  return records.every((fields) => {
    if (fields.length !== columnCount) return false;
    const values = fields.map((field) => numberOf(field, decimal));
    if (values.some((value) => Number.isNaN(value))) return false;
    return values[0] === values.slice(1).filter((value) => value !== 99).length;
  });
}

const isNothing = (text: string): boolean =>
  /^\s*(|na|n\/a|#n\/a|<na>|nan|null|\\n|none|-+|\.|\?)\s*$/i.test(text);

/**
 * Whether a file has the looks of a matrix, so that it may be offered as one: many columns of numbers, or under a
 * header whose columns have no known names, rows of few different numbers behind a name that never repeats.
 */
export function mayBeWide({ names, records, columnCount, decimal }: WideSample): boolean {
  if (records.length === 0) return false;
  const cells = records.flatMap((fields) => fields.slice(1)).filter((cell) => !isNothing(cell));
  if (numericShare(cells, decimal) <= 0.95) return false;
  if (columnCount >= FEWEST) return true;
  const { item, rating, time } = rolesOf(names);
  const ids = records.map((fields) => fields[0]);
  return (
    names.length >= 3 &&
    item === undefined &&
    rating === undefined &&
    time === undefined &&
    new Set(ids).size === ids.length &&
    new Set(cells.map((cell) => numberOf(cell, decimal))).size <= MOST_VALUES
  );
}

export const wideHint =
  'Import it with --wide (and --missing for the value that stands for "not rated"), or name its columns.';

export function askWide(rows: number): Interpretation {
  const text = 'This looks like a matrix with one row a user and one column an item.';
  const otherwise = [remedy('Read it as a matrix', '--wide', { wide: true })];
  return asked('wide', text, { rows, sampled: true, otherwise });
}

/** What the sampled cells of a matrix leave in doubt. @param given value that was declared missing */
export function doubtsOfMatrix(
  { records, decimal }: WideSample,
  { itemColumns, missing }: WidePlan,
  given: string | undefined,
): Interpretation[] {
  const cells = records.flatMap((fields) => itemColumns.map((at) => fields[at] ?? ''));
  const filled = cells.filter((cell) => !isNothing(cell));
  if (given === undefined && missing !== null) {
    const rows = filled.filter((cell) => cell.trim() === missing.trim()).length;
    const text = `${missing} lies far outside of the other values and is taken for "not rated".`;
    const otherwise = [remedy(`Take ${missing} as a rating`, '--missing ""', { missing: '' })];
    return [told('missing', text, { rows, sampled: true, otherwise })];
  }
  const zeros = filled.filter((cell) => numberOf(cell, decimal) === 0).length;
  return given === undefined && zeros > 0 ? [wideZeros(zeros, filled.length, true)] : [];
}

/** A matrix whose first column is named as one of items. */
export function transposed({ names, records }: WideSample, { userColumn }: WidePlan): Interpretation[] {
  const name = names[userColumn] ?? '';
  if (userColumn < 0 || rolesOf([name]).item === undefined) return [];
  const text =
    `Each row of the matrix is read as one user, and the column of their ids is named ${name}: if the rows are items, ` +
    'transpose the matrix before the import.';
  return [doubted('transposed', text, { rows: records.length, sampled: true })];
}

/** Zeros that count as ratings. @param cells that hold a value */
export function wideZeros(zeros: number, cells: number, sampled = false): Interpretation {
  const text = `0 stands in ${zeros} of ${cells} ${sampled ? 'sampled ' : ''}cells of the matrix and counts as a rating.`;
  const otherwise = [remedy('Leave out 0 as missing', '--missing 0', { missing: '0' })];
  return doubted('wide-zeros', text, { rows: zeros, sampled, otherwise });
}

/** A value far outside of all others, and not rare: 99 beside −10 … 10. */
export function guessMissing(
  { records, decimal }: WideSample,
  itemColumns: readonly number[],
): string | null {
  const counts = new Map<string, number>();
  let cells = 0;
  for (const fields of records) {
    for (const at of itemColumns) {
      const text = fields[at] ?? '';
      if (isNothing(text)) continue;
      cells++;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  const values = [...counts.keys()]
    .map((text) => ({ text, value: numberOf(text, decimal) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.value - b.value);
  if (values.length < 3) return null;
  const common = (text: string): boolean => (counts.get(text) ?? 0) > cells / 50;
  const [low, next] = values;
  const [before, high] = values.slice(-2);
  const width = (from: number, to: number): number => Math.max(Math.abs(to - from), 1);
  if (common(high.text) && high.value - before.value > 1.5 * width(low.value, before.value)) return high.text;
  if (common(low.text) && next.value - low.value > 1.5 * width(next.value, high.value)) return low.text;
  return null;
}

export function planWide(
  sample: WideSample,
  given: { user?: ColumnRef; missing?: string },
): { plan: WidePlan; why: string } {
  const { names, columnCount } = sample;
  let userColumn = -1;
  let skipped = -1;
  let why = 'no column of users: the number of the row is the user';
  if (given.user !== undefined) {
    userColumn = columnAt(given.user, names, columnCount, 'user');
    why = 'given';
  } else if (isJester(sample)) {
    skipped = 0;
    why = 'column 1 counts the rated cells of its row; the number of the row is the user';
  } else {
    const named = names.length > 0 ? rolesOf(names).user : undefined;
    const first = sample.records.map((fields) => fields[0] ?? '');
    const distinct = new Set(first).size === first.length && first.length > 5;
    if (named !== undefined) {
      userColumn = named;
      why = `the column is named ${names[named]}`;
    } else if (names.length > 0 && /^(|id|index|unnamed.*)$/i.test(names[0].trim())) {
      userColumn = 0;
      why = 'the first column has no name of an item';
    } else if (names.length > 0 && rolesOf(names.slice(0, 1)).item !== undefined) {
      userColumn = 0;
      why = `the column is named ${names[0]}`;
    } else if (distinct && first.every((value) => /^\D|^\d+$/.test(value))) {
      userColumn = 0;
      why = 'the first column never repeats';
    }
  }
  const itemColumns: number[] = [];
  for (let k = 0; k < columnCount; k++) if (k !== userColumn && k !== skipped) itemColumns.push(k);
  const itemIds = itemColumns.map((at, k) => (names[at] ? names[at] : String(k + 1)));
  const missing = given.missing ?? (skipped === 0 ? '99' : guessMissing(sample, itemColumns));
  return { plan: { userColumn, itemColumns, itemIds, missing }, why };
}
