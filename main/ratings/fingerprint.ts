import { createHash } from 'node:crypto';
import type { Ratings } from './ratings.ts';

/**
 * SHA-256 (hex) of a data set's content: ids in index order, rows in stored order, and the part of each row where the
 * split is given. The same file imported twice, under any name, has the same fingerprint; titles are not in it.
 */
export function fingerprintOf(
  ratings: Pick<Ratings, 'start' | 'item' | 'value' | 'time' | 'implicit'>,
  userIds: readonly string[],
  itemIds: readonly string[],
  part: Uint8Array | null,
): string {
  const hash = createHash('sha256');
  hash.update(`ratings 1 ${ratings.implicit ? 'implicit' : 'explicit'} ${ratings.item.length}\n`);
  hash.update(JSON.stringify(userIds));
  hash.update(JSON.stringify(itemIds));
  for (const column of [ratings.start, ratings.item, ratings.value, ratings.time, part]) {
    if (column) hash.update(column);
    else hash.update('none');
  }
  return hash.digest('hex');
}
