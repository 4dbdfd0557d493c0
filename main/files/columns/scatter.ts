/** Rows in file order to their places by user: a stable counting sort, a column at a time. */
import type { RowBlock } from './rows.ts';

/**
 * Replaces each row's user by its place.
 * @param next [users] place of the next row of each user; moved on
 * @param users the user that each number in the blocks stands for, where they are numbered in a way of their own
 */
export function placeRows(blocks: readonly RowBlock[], next: Uint32Array, users?: Uint32Array): void {
  for (const { user, length } of blocks) {
    if (users) for (let k = 0; k < length; k++) user[k] = next[users[user[k]]]++;
    else for (let k = 0; k < length; k++) user[k] = next[user[k]]++;
  }
}

/** One column of placed blocks into its place; the memory of each block's part is given back at once. */
export function moveColumn<Column extends 'item' | 'value' | 'time'>(
  blocks: readonly RowBlock[],
  column: Column,
  into: RowBlock[Column],
): RowBlock[Column] {
  for (const block of blocks) {
    const { user: place, length } = block;
    const from = block[column];
    for (let k = 0; k < length; k++) into[place[k]] = from[k];
    // A detached buffer holds nothing, without waiting for the collector.
    (from.buffer as ArrayBuffer).transfer(0);
  }
  return into;
}

/** The same for one byte a row that comes in file order. */
export function moveTags(blocks: readonly RowBlock[], tags: Uint8Array): Uint8Array {
  const into = new Uint8Array(tags.length);
  let row = 0;
  for (const { user: place, length } of blocks) {
    for (let k = 0; k < length; k++) into[place[k]] = tags[row++];
  }
  return into;
}

/** Items by the numbers that they have in the whole file. @param items the item that each number stands for */
export function renumberItems(blocks: readonly RowBlock[], items: Uint32Array): void {
  for (const { item, length } of blocks) {
    for (let k = 0; k < length; k++) item[k] = items[item[k]];
  }
}
