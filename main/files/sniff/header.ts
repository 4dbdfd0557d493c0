import type { Guess } from '../types.ts';
import { plainName, rolesOf } from './names.ts';
import type { SampledRecord } from './sampled-table.ts';
import { numberOf, numericShare } from './values.ts';

/** An empty cell, or what data frames write for one. */
const isBlank = (text: string): boolean => /^(|na|n\/a|nan|null|none)$/i.test(text.trim());
const isNumber = (text: string): boolean => !Number.isNaN(numberOf(text));

export interface Header {
  guess: Guess<boolean>;
  /** Place of the header among the records; −1: none. */
  index: number;
  /** A name a column, '' for one without; empty without a header. */
  names: string[];
  /** Names that the header has, where records have more fields; else all of them. */
  named: number;
}

/** Records at the start among which a header is looked for. */
const LOOKED_AT = 10;

/**
 * The header: mostly the first record. Below a title, a comment or Excel's `sep=;` it is the first record that has all
 * fields and names two columns; one name short, it lacks that of R's row numbers, or of an empty last field.
 * @param head records of the file's start, broken ones included
 * @param asked names of columns that the caller gave
 * @param wide whether the file is known to be a matrix
 */
export function findHeader(
  head: readonly SampledRecord[],
  columnCount: number,
  given: boolean | undefined,
  asked: readonly string[],
  wide = false,
): Header {
  const whole = head.filter((record) => !record.problem);
  const fields = whole.map((record) => record.fields);
  const trimmed = (record: SampledRecord): string[] => record.fields.map((name) => name.trim());
  const at = (record: SampledRecord, names: string[], guess: Guess<boolean>): Header => ({
    guess: given === undefined ? guess : { value: true, why: 'given', given: true },
    index: head.indexOf(record),
    names,
    named: columnCount,
  });
  const none = { index: -1, names: [], named: columnCount };
  if (given === false) return { guess: { value: false, why: 'given', given: true }, ...none };
  const [first] = whole;
  if (first && first.fields.length !== columnCount) {
    const lower = whole
      .slice(1, LOOKED_AT)
      .find((record) => record.fields.length === columnCount && namedColumns(record.fields).length >= 2);
    if (lower) {
      const why = `line ${lower.line} names ${namedColumns(lower.fields).join(', ')}`;
      return at(lower, trimmed(lower), { value: true, why, given: false });
    }
    const unnamed = first.fields.length === columnCount - 1 ? unnamedColumn(fields, columnCount, wide) : null;
    if (unnamed !== null && (wide || namesMatrix(fields) || namedColumns(first.fields).length >= 2)) {
      const names = trimmed(first);
      names.splice(unnamed, 0, '');
      const column = unnamed === 0 ? 'the first column, row numbers,' : 'the last column, always empty,';
      return at(first, names, { value: true, why: `the first record names all but ${column}`, given: false });
    }
    const named = first.fields.length;
    if (named < columnCount && isNarrowHeader(fields, asked)) {
      const names = [...trimmed(first), ...Array.from({ length: columnCount - named }, () => '')];
      const why = `the first record names ${named} columns, most others have ${columnCount}`;
      return { ...at(first, names, { value: true, why, given: false }), named };
    }
  }
  const guess = guessHeader(fields, columnCount, asked, wide);
  return first && (given ?? guess.value) ? at(first, trimmed(first), guess) : { guess, ...none };
}

const namedColumns = (fields: readonly string[]): string[] =>
  Object.values(rolesOf(fields)).map((position) => fields[position]);

/** Whether the first record, with fewer fields than the others, names their first columns all the same. */
function isNarrowHeader([first, ...body]: readonly string[][], asked: readonly string[]): boolean {
  const plain = first.map(plainName);
  const names = namedColumns(first).length >= 2 || asked.some((name) => plain.includes(plainName(name)));
  const { rating } = rolesOf(first);
  // A rating that is no number shows that the names are those of other columns.
  return names && (rating === undefined || numericShare(body.map((fields) => fields[rating] ?? '')) > 0.5);
}

/** Whether the records after the first are names of rows, each once, and numbers. */
function namesMatrix([first, ...body]: readonly string[][]): boolean {
  const rows = body.filter((fields) => fields.length === first.length + 1).slice(0, 100);
  const ids = rows.map((fields) => fields[0].trim());
  const cells = rows.flatMap((fields) => fields.slice(1));
  return (
    rows.length >= 2 &&
    new Set(ids).size === ids.length &&
    ids.every((id) => id !== '') &&
    cells.every((cell) => isBlank(cell) || isNumber(cell))
  );
}

/**
 * The column that a header one name short leaves out: nothing at all, numbers that count the records, or names of the
 * rows of a matrix.
 */
function unnamedColumn(
  [first, ...body]: readonly string[][],
  columnCount: number,
  wide: boolean,
): number | null {
  const rows = body.filter((fields) => fields.length === columnCount).slice(0, 100);
  if (rows.length < 2) return null;
  if (rows.every((fields) => fields[columnCount - 1].trim() === '')) return columnCount - 1;
  if (wide || namesMatrix([first, ...body])) return 0;
  const counted = rows.map((fields) => numberOf(fields[0]));
  return counted.every((value, k) => k === 0 || value === counted[k - 1] + 1) ? 0 : null;
}

/**
 * Whether the first record names the columns.
 * @param asked names of columns that the caller gave: a first record that has one is a header
 */
export function guessHeader(
  records: readonly string[][],
  columnCount: number,
  asked: readonly string[] = [],
  wide = false,
): Guess<boolean> {
  const guess = (value: boolean, why: string): Guess<boolean> => ({ value, why, given: false });
  const [first, ...rest] = records;
  if (!first) return guess(false, 'the file has no records');
  if (first.length !== columnCount) return guess(false, 'the first record has another number of fields');
  const plain = first.map(plainName);
  const found = asked.find((name) => plainName(name) !== '' && plain.includes(plainName(name)));
  if (found !== undefined) return guess(true, `the first record has the column ${found}`);
  const roles = rolesOf(first);
  const named = Object.values(roles).map((at) => first[at]);
  if (named.length >= 2) return guess(true, `the first record names ${named.join(', ')}`);
  const body = rest.filter((fields) => fields.length === columnCount).slice(0, 100);
  if (hasBlankCorner(first) && body.every((fields) => fields[0].trim() !== ''))
    return guess(true, 'the first record names every column but the first');
  if (wide && isRising(first) && !body.every(isRising))
    return guess(true, 'the first record counts the columns of the matrix');
  if (isCounting(first) && differs(first, body))
    return guess(true, 'the first record counts the columns from 0');
  for (let k = 0; k < columnCount; k++) {
    if (isBlank(first[k]) || isNumber(first[k])) continue;
    const values = body.map((fields) => fields[k]).filter((value) => !isBlank(value));
    if (values.length > 0 && values.every(isNumber)) {
      return guess(true, `'${first[k]}' stands over a column of numbers`);
    }
  }
  if (named.length === 1 && body.length > 0 && !body.some((fields) => fields.includes(named[0]))) {
    return guess(true, `the first record names ${named[0]}`);
  }
  if (body.length > 0 && isList(first)) return guess(true, 'the first record names its columns');
  return guess(false, 'the first record looks like the others');
}

/** A first cell that names nothing, as data frames write it over the names of rows, and a name in each other cell. */
function hasBlankCorner([corner, ...others]: readonly string[]): boolean {
  return (
    /^(|unnamed: ?0)$/i.test(corner.trim()) &&
    others.length >= 2 &&
    others.every((name) => !isBlank(name)) &&
    new Set(others).size === others.length
  );
}

/** Whether all cells but the first are whole numbers, each above the last. */
function isRising([, ...cells]: readonly string[]): boolean {
  const values = cells.map((cell) => (/^\d+$/.test(cell.trim()) ? Number(cell) : NaN));
  return values.length >= 3 && values.every((value, k) => (k === 0 ? value >= 0 : value > values[k - 1]));
}

const listNames = /^(title|name|genres?|year|isbn|author|item_?id|movie_?id|book_?id|id)$/i;

function isList(first: readonly string[]): boolean {
  return first.filter((name) => listNames.test(name.trim())).length >= 2;
}

/** 0, 1, 2 …: what a data frame writes for columns without names. */
function isCounting(first: readonly string[]): boolean {
  return first.length >= 3 && first.every((field, k) => field === String(k));
}

/** Whether the other records are unlike 0, 1, 2 …: other kinds of ids, or times. */
function differs(first: readonly string[], body: readonly string[][]): boolean {
  if (body.length === 0) return false;
  return first.some((_, k) => {
    const values = body.map((fields) => fields[k] ?? '');
    if (values.every((value) => !isNumber(value))) return true;
    const sizes = values.map((value) => Math.abs(numberOf(value)));
    if (k === 3) return sizes.every((size) => size > 1e6);
    return k === 0 && sizes.every((size) => size > 0) && first.length === 3 && body[0][0] !== '0';
  });
}
