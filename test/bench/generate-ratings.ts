/**
 * Writes a CSV of ratings of the shape of ML-25M (162 k users, 59 k items, long tails, half stars, times ascending
 * within a user), seeded: `node test/bench/generate-ratings.ts FILE [ROWS] [SEED] [user | none]`; the last is the order.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

const BLOCK = 4 << 20;

/** Uniform numbers in [0, 1) from a 32-bit state (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Calls `take` for each row, users in turn; returns how many users and rows there were. */
function eachRating(
  rows: number,
  random: () => number,
  take: (user: number, item: number, halfStars: number, time: number) => void,
): { users: number; rows: number } {
  const userCount = Math.max(1, Math.round(rows / 154));
  const itemCount = Math.max(20, Math.min(59_000, Math.round(rows / 20)));
  let written = 0;
  let users = 0;
  for (let user = 1; written < rows; user++) {
    const left = rows - written;
    const drawn = Math.max(1, Math.round((-Math.log(1 - random()) * rows) / userCount));
    // A quarter of the catalogue at most: beyond it the walk below would come round and repeat items.
    const count = Math.min(left, drawn, Math.floor(itemCount / 4));
    let time = 800_000_000 + Math.floor(random() * 700_000_000);
    let index = -1;
    for (let n = 0; n < count; n++) {
      // Rising through the catalogue, so that no item repeats; the cube makes the first items popular.
      index = Math.max(index + 1, Math.floor(itemCount * ((n + 0.99 * random()) / count) ** 3));
      const halfStars = 1 + Math.floor(10 * Math.sqrt(random()));
      time += Math.floor(random() * 400);
      take(user, 1 + index * 3, halfStars, time);
    }
    written += count;
    users = user;
  }
  return { users, rows: written };
}

/** A CSV of rows that come one by one, written in blocks. */
class CsvFile {
  readonly #file: number;
  #parts: string[] = ['userId,movieId,rating,timestamp\n'];
  #size = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(user: number, item: number, halfStars: number, time: number): void {
    const line = `${user},${item},${(halfStars / 2).toFixed(1)},${time}\n`;
    this.#parts.push(line);
    this.#size += line.length;
    if (this.#size > BLOCK) this.#write();
  }

  close(): void {
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    writeSync(this.#file, this.#parts.join(''));
    this.#parts = [];
    this.#size = 0;
  }
}

/**
 * Writes the file; returns how many users and rows it has.
 * @param order `user`: users in turn, each in the order of time; `none`: the same rows shuffled
 */
export function generateRatings(
  path: string,
  rows: number,
  { seed = 1, order = 'user' }: { seed?: number; order?: 'user' | 'none' } = {},
): { users: number; rows: number } {
  const random = uniform(seed);
  const csv = new CsvFile(path);
  if (order === 'user') {
    const counts = eachRating(rows, random, (...row) => csv.add(...row));
    csv.close();
    return counts;
  }
  const columns = [0, 1, 2, 3].map(() => new Uint32Array(rows));
  let taken = 0;
  const counts = eachRating(rows, random, (...row) => {
    row.forEach((value, column) => (columns[column][taken] = value));
    taken++;
  });
  const [user, item, halfStars, time] = columns;
  for (let left = rows; left > 0; left--) {
    const k = Math.floor(random() * left);
    csv.add(user[k], item[k], halfStars[k], time[k]);
    for (const column of columns) column[k] = column[left - 1];
  }
  csv.close();
  return counts;
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [path, rows = '25000000', seed = '1', order = 'user'] = positionals;
  if (!path) throw new Error('usage: node test/bench/generate-ratings.ts FILE [ROWS] [SEED] [user | none]');
  const options = { seed: Number(seed), order: order === 'none' ? 'none' : 'user' } as const;
  console.log(JSON.stringify(generateRatings(path, Number(rows), options)));
}
