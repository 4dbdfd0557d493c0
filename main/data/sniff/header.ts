import type { Guess } from '../types.ts';
import { plainName, rolesOf } from './names.ts';
import { numberOf } from './values.ts';

const isNumber = (text: string): boolean => !Number.isNaN(numberOf(text));

/**
 * Whether the first record names the columns.
 * @param asked names of columns that the caller gave: a first record that has one is a header
 */
export function guessHeader(
  records: readonly string[][],
  columnCount: number,
  asked: readonly string[] = [],
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
  if (isCounting(first) && differs(first, body))
    return guess(true, 'the first record counts the columns from 0');
  for (let k = 0; k < columnCount; k++) {
    if (first[k] === '' || isNumber(first[k])) continue;
    const values = body.map((fields) => fields[k]).filter((value) => value !== '');
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
