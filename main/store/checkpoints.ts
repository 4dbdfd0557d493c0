/**
 * Checkpoints of runs that are under way, and of finished ones that may go on: one file a run, beside the database. The
 * trainer writes it, array by array as it makes them, and reads it to go on: a checkpoint is three times the model, too
 * much to send about or to hold twice.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isUuid, makeOwnFolder, sweepFolder } from '../base/data-folder.ts';
import { WorkbenchError } from '../base/errors.ts';
import { arrayFrom, type ArrayType, bytesOf, type TypedArray, typeOf } from './columns.ts';
import type { WritableDatabase } from './database.ts';

/** Path of a run's checkpoint. `database`: path of the database. */
export function checkpointFile(database: string, run: string): string {
  return join(folderOf(database), run);
}

const folderOf = (database: string): string => join(dirname(database), 'checkpoints');

/** A record: [type, 3 letters] [bytes of the name, u16] [bytes of the data, f64] name data; the last has the type `end`. */
const headBytes = 13;

/** Replaces the checkpoint once all of the new one is on the disk. Throws where it cannot be written; the old one stays. */
export function writeCheckpoint(file: string, arrays: Iterable<readonly [string, TypedArray]>): void {
  const unfinished = `${file}.new`;
  makeOwnFolder(dirname(file));
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    try {
      for (const [name, array] of arrays) writeRecord(descriptor, typeOf(array), name, bytesOf(array));
      writeRecord(descriptor, 'end', '', Buffer.alloc(0));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function writeRecord(descriptor: number, type: ArrayType | 'end', name: string, data: Buffer): void {
  const head = Buffer.alloc(headBytes);
  head.write(type.padEnd(3), 0, 'latin1');
  head.writeUInt16LE(Buffer.byteLength(name), 3);
  head.writeDoubleLE(data.length, 5);
  for (const bytes of [head, Buffer.from(name), data]) {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  }
}

/**
 * The arrays of a run's checkpoint, or null where it has none.
 * @throws WorkbenchError `checkpoint-damaged` where the file is not whole
 */
export function readCheckpoint(file: string): Record<string, TypedArray> | null {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  const bytes = readFileSync(file);
  const arrays: Record<string, TypedArray> = {};
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const type = bytes.toString('latin1', at, at + 3).trim();
    if (type === 'end') return arrays;
    const name = at + headBytes;
    const data = name + bytes.readUInt16LE(at + 3);
    const end = data + bytes.readDoubleLE(at + 5);
    if (!isArrayType(type) || !(end <= bytes.length)) break;
    arrays[bytes.toString('utf8', name, data)] = arrayFrom(type as 'f32', bytes.subarray(data, end));
    at = end;
  }
  throw new WorkbenchError(
    'checkpoint-damaged',
    `The checkpoint ${file} is damaged at byte ${at}.`,
    'Clone the run to train it anew.',
  );
}

function isArrayType(type: string): type is ArrayType {
  return ['f32', 'f64', 'u32', 'u8'].includes(type);
}

export function deleteCheckpoint(database: WritableDatabase, run: string): void {
  const file = basename(checkpointFile(database.name, run));
  sweepFolder(folderOf(database.name), 'files', (name) => name === file || name === `${file}.new`);
}

/** Most bytes that the last states of finished runs take together. */
const keptBytes = 2 ** 31;

/** Deletes the oldest checkpoints of finished runs until the others are within the limit. */
export function limitKeptEnds(database: WritableDatabase, most = keptBytes): void {
  const ends = database
    .prepare("SELECT id FROM runs WHERE status = 'finished' AND trial IS NULL ORDER BY finished_at DESC")
    .pluck()
    .all() as string[];
  let bytes = 0;
  for (const run of ends) {
    bytes += statSync(checkpointFile(database.name, run), { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > most) deleteCheckpoint(database, run);
  }
}

/**
 * Lets a run begin at the last checkpoint of another one. Returns whether there is one; without it the run begins at its
 * first epoch.
 */
export function beginAt(database: WritableDatabase, run: string, parent: string): boolean {
  const [from, to] = [parent, run].map((id) => checkpointFile(database.name, id));
  if (!statSync(from, { throwIfNoEntry: false })?.isFile()) return false;
  copyFileSync(from, to);
  return true;
}

/** Deletes what a crash may have left: checkpoints that no run can go on from, and unfinished ones. */
export function sweepCheckpoints(database: WritableDatabase): void {
  const useful = new Set(
    database
      .prepare(
        // Trials of a sweep that is not done may be promoted.
        `SELECT id FROM runs WHERE status IN ('interrupted', 'queued') OR (status = 'finished' AND trial IS NULL) OR
           (trial IS NOT NULL AND sweep IN (SELECT key FROM sweeps WHERE status <> 'finished'))`,
      )
      .pluck()
      .all(),
  );
  sweepFolder(
    folderOf(database.name),
    'files',
    (name) => isUuid(name.replace(/\.new$/, '')) && !useful.has(name),
  );
}
