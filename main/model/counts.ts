/** Counts of data sets that the rules of `auto` are made of. They come from test/defaults, see docs/defaults.md. */
import type { Ratings } from '../ratings/ratings.ts';
import type { DataSize } from './model.ts';

export function sizeOf({ userCount, itemCount, item }: Ratings): DataSize {
  return { users: userCount, items: itemCount, ratings: item.length };
}

/** (interactions a user × interactions an item)^¼: how much is known of a row, of either side. At least 1. */
export function usualRow({ users, items, ratings }: DataSize): number {
  return Math.max(1, (ratings / Math.max(1, users)) * (ratings / Math.max(1, items))) ** 0.25;
}

/** Share of the pairs of a user and an item that are there. */
export function density({ users, items, ratings }: DataSize): number {
  return ratings / Math.max(1, users * items);
}

/** Three digits: what a person can read and give again. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
