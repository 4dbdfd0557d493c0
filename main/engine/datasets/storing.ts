/** From a staging folder into the database, piece by piece, so that the engine goes on answering meanwhile. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { DatasetDetail } from '../../../shared/contract.ts';
import { type Staged, stagedColumns } from '../../files/staged.ts';
import { bytesOf, chunkBytes, writeChunk } from '../../store/columns.ts';
import type { WritableDatabase } from '../../store/database.ts';
import {
  beginDataset,
  deleteDataset,
  finishDataset,
  insertItems,
  insertUsers,
} from '../../store/datasets.ts';
import { countGenres } from '../../store/entities.ts';
import { Checkpoints } from './checkpoints.ts';

export interface Origin {
  readonly name: string;
  readonly source: DatasetDetail['source'];
  readonly parent: string | null;
  readonly sample: boolean;
}

/** Rows of users or items in one transaction. */
const entitiesAtOnce = 2_000;

/** Bytes written between two copyings of the log into the database. */
const usualLogBytes = 64 << 20;

/**
 * Stores a data set and makes it visible with the last write. Nothing stays where anything fails or the signal comes.
 * @returns the id
 */
export async function storeStaged(
  database: WritableDatabase,
  staged: Staged,
  origin: Origin,
  signal: AbortSignal,
  logBytes = usualLogBytes,
): Promise<string> {
  const { summary, report } = staged;
  const id = randomUUID();
  const key = beginDataset(database, {
    id,
    name: origin.name,
    users: summary.users,
    items: summary.items,
    ratings: summary.ratings,
    fingerprint: summary.fingerprint,
    implicit: summary.implicit,
    scale: summary.implicit
      ? null
      : { minimum: summary.minimum, maximum: summary.maximum, step: summary.step },
    timeKind: summary.timeKind,
    timeSpan: summary.timeSpan,
    bytes: summary.bytes,
    parent: origin.parent,
    sample: origin.sample,
    titles: summary.titles,
    genres: 0,
    givenSplit: summary.givenSplit,
    source: origin.source,
    accounting: report?.accounting ?? {
      read: summary.ratings,
      imported: summary.ratings,
      rejected: 0,
      duplicates: 0,
      filtered: 0,
    },
    rejectKinds: report?.rejectKinds ?? {},
    profile: summary.profile,
  });
  const checkpoints = summary.bytes > logBytes ? Checkpoints.open(database) : null;
  try {
    const copyLog = (): Promise<void> | undefined => checkpoints?.next();
    await writeColumns(database, key, staged, signal, { logBytes, copyLog });
    await writeEntities(database, key, staged, signal);
    if (staged.rejectsFile) writeText(database, key, 'rejects', readFileSync(staged.rejectsFile));
    database.prepare('UPDATE datasets SET genres = ? WHERE key = ?').run(countGenres(database, key), key);
    finishDataset(database, key);
    return id;
  } catch (error) {
    deleteDataset(database, key);
    throw error;
  } finally {
    await checkpoints?.close();
  }
}

async function writeColumns(
  database: WritableDatabase,
  key: number,
  staged: Staged,
  signal: AbortSignal,
  { logBytes, copyLog }: { logBytes: number; copyLog: () => Promise<void> | undefined },
): Promise<void> {
  const counts = new Uint32Array(staged.summary.items);
  const sums = new Float64Array(staged.summary.items);
  let written = 0;
  for (const name of stagedColumns) {
    // Every value of implicit data is 1, so the column is not stored: the reader fills it in.
    if (staged.columns[name] === undefined || (name === 'value' && staged.summary.implicit)) continue;
    let chunk = 0;
    for await (const bytes of staged.chunks(name)) {
      signal.throwIfAborted();
      writeChunk(database, key, name, chunk++, bytes);
      written += bytes.length;
      if (written < logBytes) await setImmediate();
      else {
        written = 0;
        await copyLog();
      }
    }
  }
  await countItems(staged, counts, sums);
  writeChunk(database, key, 'itemCounts', 0, bytesOf(counts));
  writeChunk(database, key, 'itemSums', 0, bytesOf(sums));
}

/** Ratings by item and their sum. */
async function countItems(staged: Staged, counts: Uint32Array, sums: Float64Array): Promise<void> {
  const values = staged.chunks('value');
  try {
    for await (const bytes of staged.chunks('item')) {
      const items = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      const next = await values.next();
      const value = next.done
        ? null
        : new Float32Array(next.value.buffer, next.value.byteOffset, items.length);
      for (let k = 0; k < items.length; k++) {
        counts[items[k]]++;
        sums[items[k]] += value ? value[k] : 1;
      }
      await setImmediate();
    }
  } finally {
    // It has its file open until it ends, and nobody asks it for the end of the column.
    await values.return(undefined);
  }
}

async function writeEntities(
  database: WritableDatabase,
  key: number,
  staged: Staged,
  signal: AbortSignal,
): Promise<void> {
  const users = staged.userIds();
  for (let from = 0; from < users.length; from += entitiesAtOnce) {
    signal.throwIfAborted();
    insertUsers(database, key, from, users.slice(from, from + entitiesAtOnce));
    await setImmediate();
  }
  const items = staged.items();
  for (let from = 0; from < items.length; from += entitiesAtOnce) {
    signal.throwIfAborted();
    insertItems(database, key, from, items.slice(from, from + entitiesAtOnce));
    await setImmediate();
  }
}

function writeText(database: WritableDatabase, key: number, name: string, text: Buffer): void {
  for (let at = 0, chunk = 0; at < text.length; at += chunkBytes, chunk++) {
    writeChunk(database, key, name, chunk, text.subarray(at, at + chunkBytes));
  }
}
