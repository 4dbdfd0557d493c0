/**
 * Writes a CSV of ratings of the shape of ML-25M (162 k users, 59 k items, long tails, half stars, times ascending
 * within a user), seeded: `node test/bench/generate-ratings.ts FILE [ROWS] [SEED]`.
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

/** Rows of users in turn; returns how many users, distinct items and rows were written. */
export function generateRatings(path: string, rows: number, seed = 1): { users: number; rows: number } {
  const random = uniform(seed);
  const userCount = Math.max(1, Math.round(rows / 154));
  const itemCount = Math.max(20, Math.min(59_000, Math.round(rows / 20)));
  const file = openSync(path, 'w');
  let parts: string[] = ['userId,movieId,rating,timestamp\n'];
  let size = 0;
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
      const item = 1 + index * 3;
      const rating = (1 + Math.floor(10 * Math.sqrt(random()))) / 2;
      time += Math.floor(random() * 400);
      const line = `${user},${item},${rating.toFixed(1)},${time}\n`;
      parts.push(line);
      size += line.length;
    }
    written += count;
    users = user;
    if (size > BLOCK) {
      writeSync(file, parts.join(''));
      parts = [];
      size = 0;
    }
  }
  writeSync(file, parts.join(''));
  closeSync(file);
  return { users, rows: written };
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [path, rows = '25000000', seed = '1'] = positionals;
  if (!path) throw new Error('usage: node test/bench/generate-ratings.ts FILE [ROWS] [SEED]');
  console.log(JSON.stringify(generateRatings(path, Number(rows), Number(seed))));
}
