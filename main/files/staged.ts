/**
 * The way of a data set from the importer to the engine, which alone writes the database: a folder of raw column files
 * (little-endian typed arrays), ids as JSON, and a manifest that is written last. A folder without a manifest is what a
 * killed importer left, and is thrown away.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../shared/imports.ts';
import { WorkbenchError } from '../base/errors.ts';
import { profileOf, stepOf } from '../ratings/profile.ts';
import type { Dataset, ImportReport, TimeKind } from './types.ts';

const VERSION = 1;
const CHUNK = 4 << 20;
const MANIFEST = 'manifest.json';

export const stagedColumns = ['start', 'item', 'value', 'time', 'part', 'givenStart', 'givenItems'] as const;
/** Named as in the store. `start`, `item`, `given…`: uint32; `value`: float32; `time`: float64; `part`: uint8. */
export type StagedColumn = (typeof stagedColumns)[number];

export interface StagedItem {
  id: string;
  title: string | null;
  /** Separated by |. */
  genres: string | null;
  year: number | null;
  /** Address of a picture. */
  image: string | null;
}

/** What is known of the data set without reading its columns. */
export interface DatasetSummary {
  users: number;
  items: number;
  ratings: number;
  fingerprint: string;
  implicit: boolean;
  minimum: number;
  maximum: number;
  /** Step between ratings; null where there is none. */
  step: number | null;
  timeKind: TimeKind;
  timeSpan: { from: number; to: number } | null;
  /** Items that have one. */
  titles: number;
  genres: number;
  givenSplit: boolean;
  /** Given negatives dropped because they equalled their positive; null without candidates. */
  droppedNegatives: number | null;
  /** Bytes of the columns. */
  bytes: number;
  profile: Profile;
}

interface Manifest {
  version: number;
  summary: DatasetSummary;
  /** Null for data that were not imported (sample, derived). */
  report: ImportReport | null;
  columns: Partial<Record<StagedColumn, number>>;
}

export interface Staged {
  summary: DatasetSummary;
  report: ImportReport | null;
  /** Columns that are there, with their bytes. */
  columns: Partial<Record<StagedColumn, number>>;
  /** Every rejected record as CSV; null where nothing was rejected. */
  rejectsFile: string | null;
  /** The column's bytes in pieces of 4 MB (the last one shorter); each piece is valid until the next. */
  chunks(column: StagedColumn): AsyncGenerator<Uint8Array>;
  userIds(): string[];
  items(): StagedItem[];
}

/** Name of the file of all rejects inside a staging folder. */
export const STAGED_REJECTS = 'rejects.csv';

export function summarize(dataset: Dataset): DatasetSummary {
  const { ratings, metadata, part, candidates, timeKind } = dataset;
  const columns = columnsOf(dataset);
  const bytes = Object.values(columns).reduce((sum, column) => sum + column.byteLength, 0);
  return {
    users: ratings.userCount,
    items: ratings.itemCount,
    ratings: ratings.item.length,
    fingerprint: dataset.fingerprint,
    implicit: ratings.implicit,
    minimum: ratings.minimum,
    maximum: ratings.maximum,
    step: ratings.implicit ? null : stepOf(ratings.value),
    timeKind,
    timeSpan: ratings.time ? spanOf(ratings.time) : null,
    titles: metadata?.titles.filter((title) => title !== null).length ?? 0,
    genres: metadata?.genres.filter((genres) => genres !== null).length ?? 0,
    givenSplit: part !== null,
    droppedNegatives: candidates?.dropped ?? null,
    bytes,
    profile: dataset.profile ?? profileOf(ratings, timeKind),
  };
}

function spanOf(time: Float64Array): { from: number; to: number } | null {
  if (time.length === 0) return null;
  let from = Infinity;
  let to = -Infinity;
  for (let k = 0; k < time.length; k++) {
    if (time[k] < from) from = time[k];
    if (time[k] > to) to = time[k];
  }
  return { from, to };
}

type Column = Uint32Array | Float32Array | Float64Array | Uint8Array;

function columnsOf({ ratings, part, candidates }: Dataset): Partial<Record<StagedColumn, Column>> {
  return {
    start: ratings.start,
    item: ratings.item,
    value: ratings.value,
    ...(ratings.time && { time: ratings.time }),
    ...(part && { part }),
    ...(candidates && { givenStart: candidates.start, givenItems: candidates.items }),
  };
}

/** Writes the data set into the folder, which is made. The report's rejects must be there already. */
export function writeStaged(folder: string, dataset: Dataset, report: ImportReport | null): DatasetSummary {
  mkdirSync(folder, { recursive: true });
  const summary = summarize(dataset);
  const columns: Manifest['columns'] = {};
  for (const [name, column] of Object.entries(columnsOf(dataset))) {
    columns[name as StagedColumn] = column.byteLength;
    writeBytes(
      join(folder, `${name}.bin`),
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    );
  }
  const { metadata } = dataset;
  const items: StagedItem[] = dataset.itemIds.map((id, k) => ({
    id,
    title: metadata?.titles[k] ?? null,
    genres: metadata?.genres[k]?.join('|') ?? null,
    year: metadata?.years[k] ?? null,
    image: metadata?.images[k] ?? null,
  }));
  writeFileSync(join(folder, 'users.json'), JSON.stringify(dataset.userIds));
  writeFileSync(join(folder, 'items.json'), JSON.stringify(items));
  const manifest: Manifest = { version: VERSION, summary, report, columns };
  writeFileSync(join(folder, 'manifest.tmp'), JSON.stringify(manifest));
  renameSync(join(folder, 'manifest.tmp'), join(folder, MANIFEST));
  return summary;
}

/** Node writes at most 2 GB at a time. */
function writeBytes(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < bytes.length;)
      at += writeSync(file, bytes, at, Math.min(1 << 30, bytes.length - at));
  } finally {
    closeSync(file);
  }
}

/** @throws WorkbenchError `staging-incomplete` where the importer did not finish */
export function readStaged(folder: string): Staged {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) {
    throw new WorkbenchError('staging-incomplete', 'The import did not finish.', 'Import the file again.');
  }
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const { columns } = manifest;
  for (const [name, bytes] of Object.entries(columns)) {
    if (statSync(join(folder, `${name}.bin`)).size !== bytes) {
      throw new WorkbenchError(
        'staging-incomplete',
        `Column ${name} is cut short.`,
        'Import the file again.',
      );
    }
  }
  const rejectsFile = join(folder, STAGED_REJECTS);
  return {
    summary: manifest.summary,
    report: manifest.report,
    columns,
    rejectsFile: manifest.report && manifest.report.accounting.rejected > 0 ? rejectsFile : null,
    chunks: (column) => chunksOf(join(folder, `${column}.bin`)),
    userIds: () => JSON.parse(readFileSync(join(folder, 'users.json'), 'utf8')) as string[],
    items: () => JSON.parse(readFileSync(join(folder, 'items.json'), 'utf8')) as StagedItem[],
  };
}

/** The next piece is read while its reader is at the one before. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    let [buffer, other] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    let reading = fill(file, buffer);
    for (;;) {
      const filled = await reading;
      if (filled === CHUNK) reading = fill(file, other);
      if (filled > 0) yield buffer.subarray(0, filled);
      if (filled < CHUNK) return;
      [buffer, other] = [other, buffer];
    }
  } finally {
    await file.close();
  }
}

/** Reads on until the buffer is full or the file has ended; returns the bytes. */
async function fill(file: FileHandle, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Takes away a staging folder, finished or not. */
export function removeStaged(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
