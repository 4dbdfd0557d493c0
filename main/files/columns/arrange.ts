/**
 * From rows in file order to the stored order: by user, then time, then row. Repeats of one item by one user are
 * merged on the way.
 */
import type { Ratings } from '../../ratings/ratings.ts';
import type { DuplicatePolicy } from '../types.ts';
import { arrangeUsers, type ArrangedUsers, type Columns } from './arrange-users.ts';
import type { RowBlocks } from './rows.ts';
import { moveColumn, moveTags, placeRows } from './scatter.ts';

export interface Arranged {
  ratings: Ratings;
  /** Rows merged away. */
  duplicates: number;
  /** [n] extra column that went along, where there was one. */
  tag: Uint8Array | null;
}

/**
 * @param rows rows in file order; emptied column by column as they are read: both copies are never whole at once
 * @param tags one byte a row that stays with it (the part of a given split), or null
 */
export function arrange(
  rows: RowBlocks,
  userCount: number,
  itemCount: number,
  options: { timed: boolean; implicit: boolean; duplicates: DuplicatePolicy; tags?: Uint8Array | null },
): Arranged {
  const { duplicates } = options;
  const start = startsOf(rows.countsOf('user', userCount), new Uint32Array(userCount + 1));
  const columns = scatter(rows, start, options.timed, options.tags ?? null);
  const kept = new Uint32Array(userCount);
  const range = { start, from: 0, to: userCount, itemCount, duplicates };
  const part = { ...range, ...arrangeUsers(columns, range, kept) };
  return assemble(columns, start, kept, [part], { itemCount, implicit: options.implicit });
}

/** Where each user's rows begin, and behind the last one where they end. @param start [users + 1] is filled */
export function startsOf(counts: Uint32Array, start: Uint32Array): Uint32Array {
  for (let u = 0; u < counts.length; u++) start[u + 1] = start[u] + counts[u];
  return start;
}

/** The data of ranges of users that follow each other, each arranged. */
export function assemble(
  columns: Columns,
  start: Uint32Array,
  kept: Uint32Array,
  ranges: readonly (ArrangedUsers & { readonly from: number; readonly to: number })[],
  { itemCount, implicit }: { itemCount: number; implicit: boolean },
): Arranged {
  let [rows, duplicates] = [0, 0];
  for (const { from, to, duplicates: merged } of ranges) {
    const end = start[to] - merged;
    if (rows < start[from])
      for (const column of Object.values(columns) as Columns[keyof Columns][])
        column?.copyWithin(rows, start[from], end);
    rows += end - start[from];
    duplicates += merged;
  }
  if (duplicates > 0) startsOf(kept, start);
  const { item, value, time, tag } = cut(columns, rows);
  const [minimum, maximum] =
    rows === 0
      ? [0, 0]
      : [
          Math.min(...ranges.map((range) => range.minimum)),
          Math.max(...ranges.map((range) => range.maximum)),
        ];
  const userCount = start.length - 1;
  return {
    ratings: { userCount, itemCount, start, item, value, time, implicit, minimum, maximum },
    duplicates,
    tag,
  };
}

/** Stable counting sort by user. */
function scatter(rows: RowBlocks, start: Uint32Array, timed: boolean, tags: Uint8Array | null): Columns {
  const n = rows.length;
  const { blocks } = rows;
  placeRows(blocks, start.slice());
  const tag = tags && moveTags(blocks, tags);
  const item = moveColumn(blocks, 'item', new Uint32Array(n));
  const value = moveColumn(blocks, 'value', new Float32Array(n));
  const time = timed ? moveColumn(blocks, 'time', new Float64Array(n)) : null;
  rows.release();
  return { item, value, time, tag };
}

function cut(columns: Columns, kept: number): Columns {
  if (columns.item.length === kept) return columns;
  return {
    item: columns.item.subarray(0, kept),
    value: columns.value.subarray(0, kept),
    time: columns.time?.subarray(0, kept) ?? null,
    tag: columns.tag?.subarray(0, kept) ?? null,
  };
}
