/** Files without a header that can be told by their shape. */
import type { Role } from '../types.ts';
import { numberOf } from './values.ts';

export interface Shape {
  name: string;
  /** Positions from 0. */
  roles: Partial<Record<Role, number>>;
  why: string;
}

interface Sample {
  delimiter: string;
  columnCount: number;
  /** Values of each column. */
  columns: string[][];
}

const isInteger = (text: string): boolean => /^\d+$/.test(text);
const isIsbn = (text: string): boolean => /^\d{9}[\dXx]$/.test(text);
const isAsin = (text: string): boolean => /^B[0-9A-Z]{9}$/.test(text) || isIsbn(text);
const isReviewer = (text: string): boolean => /^A[0-9A-Z]{9,27}$/.test(text);

const share = (values: readonly string[], test: (value: string) => boolean): number =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

const most = (values: readonly string[], test: (value: string) => boolean): boolean =>
  share(values, test) >= 0.9;

const between =
  (low: number, high: number) =>
  (text: string): boolean => {
    const value = numberOf(text);
    return value >= low && value <= high;
  };

const isEpoch = between(3e8, 4e9);

const median = (values: readonly string[]): number => {
  const sorted = values.map((value) => numberOf(value)).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
};

const standard = { user: 0, item: 1, rating: 2, time: 3 };

/** Each returns the shape or null; the first that knows the file wins. */
const recognisers: ((sample: Sample) => Shape | null)[] = [
  function movieLens({ delimiter, columnCount, columns }) {
    if (columnCount !== 4 || (delimiter !== '::' && delimiter !== '\t')) return null;
    if (!most(columns[0], isInteger) || !most(columns[1], isInteger)) return null;
    if (!most(columns[2], between(0.5, 5)) || !most(columns[3], isEpoch)) return null;
    const name = delimiter === '::' ? 'MovieLens ratings.dat' : 'MovieLens u.data';
    return { name, roles: standard, why: 'four numbers: user, item, rating to 5, seconds since 1970' };
  },
  function amazon({ columnCount, columns }) {
    if (columnCount !== 4 || !most(columns[2], between(1, 5)) || !most(columns[3], isEpoch)) return null;
    const why = 'Amazon ids of ten characters, reviewers that begin with A, rating to 5, seconds since 1970';
    if (most(columns[0], isAsin) && most(columns[1], isReviewer)) {
      return { name: 'Amazon ratings, item first', roles: { ...standard, user: 1, item: 0 }, why };
    }
    if (most(columns[1], isAsin) && most(columns[0], isReviewer)) {
      return { name: 'Amazon ratings', roles: standard, why };
    }
    return null;
  },
  function bookCrossing({ columnCount, columns }) {
    if (columnCount !== 3 || !most(columns[0], isInteger) || !most(columns[2], between(0, 10))) return null;
    if (share(columns[1], isIsbn) < 0.7) return null;
    return {
      name: 'Book-Crossing ratings',
      roles: { user: 0, item: 1, rating: 2 },
      why: 'numbered users, ISBNs, ratings 0 to 10',
    };
  },
  function netflix({ delimiter, columnCount, columns }) {
    if (columnCount !== 3 || delimiter !== ',' || columns[0].length < 50) return null;
    // Customers are spread over 1 … 2,649,429 and films end at 17,770: nothing else looks like that.
    if (!most(columns[0], between(1, 17770)) || !most(columns[1], between(1, 2649429))) return null;
    if (!most(columns[2], between(1, 5)) || !(median(columns[1]) > 300000)) return null;
    if (median(columns[0]) * 20 > median(columns[1])) return null;
    return {
      name: 'Netflix, item first',
      roles: { user: 1, item: 0, rating: 2 },
      why: 'films up to 17,770, then customers up to 2,649,429, then stars',
    };
  },
];

export function recogniseShape(sample: Sample): Shape | null {
  for (const recognise of recognisers) {
    const shape = recognise(sample);
    if (shape) return shape;
  }
  return null;
}
