/** Ratings files with damage: what the importer must survive without losing count. */
import { gzipSync } from 'node:zlib';
import { uniform } from '../../main/files/derive.ts';
import type { ImportOptions } from '../../main/files/types.ts';
import { zipOf } from '../fixtures/data/zip.ts';

export interface FuzzCase {
  seed: number;
  /** What was done to the file, for the report. */
  story: string[];
  bytes: Uint8Array;
  options: ImportOptions;
}

type Random = () => number;

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)];

interface Base {
  name: string;
  text: string;
  options: ImportOptions;
}

function rows(random: Random, n: number): string[][] {
  return Array.from({ length: n }, (_, k) => [
    `${below(random, 40)}`,
    random() < 0.5 ? `${below(random, 60)}` : `0${below(random, 999)}X`,
    `${1 + below(random, 10) / 2}`,
    `${1_000_000_000 + k * 60}`,
  ]);
}

/** A sound file in one of the forms that ratings come in. */
function baseFile(random: Random): Base {
  const table = rows(random, 20 + below(random, 400));
  const header = ['userId', 'movieId', 'rating', 'timestamp'];
  const end = pick(random, ['\n', '\n', '\r\n', '\r']);
  const named = random() < 0.7;
  const columns = named ? {} : { user: 1, item: 2, rating: 3, time: 4 };
  const lines = (delimiter: string, quote: boolean): string => {
    const all = named ? [header, ...table] : table;
    const field = (text: string): string => (quote ? `"${text}"` : text);
    return all.map((fields) => fields.map(field).join(delimiter)).join(end) + (random() < 0.8 ? end : '');
  };
  const kind = below(random, 9);
  if (kind === 7) {
    const text = table
      .map(([user, item, rating]) => JSON.stringify({ user, item, rating: Number(rating) }))
      .join(end);
    return { name: 'json lines', text, options: {} };
  }
  if (kind === 8) {
    const width = 3 + below(random, 30);
    const cells = table
      .slice(0, 40)
      .map((_, k) => [
        `u${k}`,
        ...Array.from({ length: width }, () => (random() < 0.5 ? '99' : `${below(random, 20) - 10}`)),
      ]);
    const text = cells.map((fields) => fields.join(',')).join(end);
    return { name: 'matrix', text, options: { wide: true, missing: '99', user: 1 } };
  }
  const [delimiter, quote] = [
    [',', false],
    [',', true],
    [';', true],
    ['\t', false],
    ['|', false],
    ['::', false],
    [' ', false],
  ][kind] as [string, boolean];
  return { name: `'${delimiter}' ${quote ? 'quoted' : ''}`, text: lines(delimiter, quote), options: columns };
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const insert = (bytes: Buffer, at: number, what: Uint8Array | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(what as string), bytes.subarray(at)]);

const mutations: Record<string, Mutation> = {
  'bytes flipped': (bytes, random) => {
    const out = Buffer.from(bytes);
    for (let k = 0; k <= below(random, 8) && out.length > 0; k++)
      out[below(random, out.length)] ^= 1 << below(random, 8);
    return out;
  },
  truncated: (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  'lines swapped': (bytes, random) => {
    const lines = bytes.toString('latin1').split(/(?<=[\r\n])/);
    for (let k = 0; k < 5; k++) {
      const [a, b] = [below(random, lines.length), below(random, lines.length)];
      [lines[a], lines[b]] = [lines[b], lines[a]];
    }
    return Buffer.from(lines.join(''), 'latin1');
  },
  'quotes broken': (bytes, random) => {
    let out = bytes;
    for (let k = 0; k <= below(random, 5); k++) out = insert(out, below(random, out.length + 1), '"');
    return out;
  },
  'NUL bytes': (bytes, random) =>
    insert(bytes, below(random, bytes.length + 1), '\0'.repeat(1 + below(random, 20))),
  'delimiters added': (bytes, random) =>
    insert(bytes, below(random, bytes.length + 1), pick(random, [',', ';;', '\t', '::', ' '])),
  'a huge line': (bytes, random) =>
    insert(bytes, below(random, bytes.length + 1), 'x'.repeat(50_000 + below(random, 200_000))),
  'line ends added': (bytes, random) =>
    insert(bytes, below(random, bytes.length + 1), pick(random, ['\n', '\r', '\r\n', '\n\n\r'])),
  'invalid UTF-8': (bytes, random) =>
    insert(bytes, below(random, bytes.length + 1), Uint8Array.from([0xc3, 0x28, 0xff])),
  'a piece twice': (bytes, random) => {
    const at = below(random, bytes.length + 1);
    return insert(bytes, at, bytes.subarray(Math.max(0, at - below(random, 300)), at));
  },
};

/** The case of a seed; the same wherever it runs. One in 500 has a line of 50 MB. */
export function fuzzCase(seed: number): FuzzCase {
  const random = uniform(seed * 7919 + 13);
  for (let k = 0; k < 5; k++) random();
  const base = baseFile(random);
  const story = [base.name];
  let bytes: Buffer = Buffer.from(base.text);
  const names = Object.keys(mutations);
  const count = below(random, 4);
  for (let k = 0; k < count; k++) {
    const name = pick(random, names);
    bytes = Buffer.from(mutations[name](bytes, random));
    story.push(name);
  }
  if (seed % 500 === 7) {
    bytes = insert(bytes, below(random, bytes.length + 1), Buffer.alloc(50 << 20, 'y'));
    story.push('a line of 50 MB');
  }
  const pack = random();
  if (pack < 0.05) {
    bytes = mutatedPack(gzipSync(bytes), random);
    story.push('gzip');
  } else if (pack < 0.1) {
    bytes = mutatedPack(zipOf({ 'r.csv': bytes }), random);
    story.push('zip');
  } else if (pack < 0.13) {
    bytes = Buffer.from(bytes.toString('latin1'), 'utf16le');
    story.push('UTF-16');
  }
  const duplicates = pick(random, ['last', 'first', 'mean', 'max', 'reject'] as const);
  const maxRejected = pick(random, [5, 100]);
  return { seed, story, bytes, options: { ...base.options, duplicates, maxRejected } };
}

function mutatedPack(bytes: Buffer, random: Random): Buffer {
  return random() < 0.5 ? bytes : Buffer.from(mutations['bytes flipped'](bytes, random));
}
