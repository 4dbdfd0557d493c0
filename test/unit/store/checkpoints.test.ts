import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  checkpointFile,
  readCheckpoint,
  beginAt,
  limitKeptEnds,
  sweepCheckpoints,
  writeCheckpoint,
} from '../../../main/store/checkpoints.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { deleteRuns, listRuns, updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const arrays = {
  meta: new TextEncoder().encode('{"größe":1}'),
  'model/users': Float32Array.of(0.1, -2, Infinity, Number.NaN),
  'model/empty': new Float32Array(0),
  'model/steps': Uint32Array.of(7, 2 ** 32 - 1),
  'best/loss': Float64Array.of(Math.PI),
};

const id = '0b7e7d4c-1111-4222-8333-444455556666';
let database: WritableDatabase;
let file: string;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  file = checkpointFile(database.name, id);
});

describe('a checkpoint file', () => {
  it('gives back every array with its type and bits', () => {
    writeCheckpoint(file, Object.entries(arrays));
    expect(readCheckpoint(file)).toEqual(arrays);
  });

  it('takes memory that threads share', () => {
    const shared = new Float32Array(new SharedArrayBuffer(12));
    shared.set([1, 2, 3]);
    writeCheckpoint(file, [['table', shared]]);
    expect(readCheckpoint(file)).toEqual({ table: Float32Array.of(1, 2, 3) });
  });

  it('is null where there is none', () => {
    expect(readCheckpoint(file)).toBeNull();
  });

  it('stays as it was when a new one cannot be written to its end', () => {
    writeCheckpoint(file, Object.entries(arrays));
    const failing = function* (): Generator<[string, Float32Array]> {
      yield ['model/users', Float32Array.of(9)];
      throw new Error('killed here');
    };
    expect(() => writeCheckpoint(file, failing())).toThrow('killed here');
    expect(readCheckpoint(file)).toEqual(arrays);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('is refused wherever it was cut off', () => {
    writeCheckpoint(file, Object.entries(arrays));
    for (let length = readFileSync(file).length - 1; length >= 0; length--) {
      truncateSync(file, length);
      expect(() => readCheckpoint(file)).toThrow(/damaged at byte \d+/);
    }
  });

  it('goes with its run', () => {
    const run = storeRun(database, storeSmall(database), id);
    writeCheckpoint(file, Object.entries(arrays));
    deleteRuns(database, [run]);
    expect(existsSync(file)).toBe(false);
  });

  it('stays where the deletion of its run fails', () => {
    const dataset = storeSmall(database);
    const run = storeRun(database, dataset, id);
    writeCheckpoint(file, Object.entries(arrays));
    database.exec(
      "CREATE TRIGGER full BEFORE DELETE ON datasets BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    expect(() => deleteRuns(database, [run], dataset)).toThrow('disk full');
    expect(readCheckpoint(file)).toEqual(arrays);
    expect(listRuns(database, {})).toHaveLength(1);
  });
});

it('the sweep leaves only what a run can go on from', () => {
  sweepCheckpoints(database);
  const run = storeRun(database, storeSmall(database), id);
  updateRun(database, run, { status: 'interrupted' });
  mkdirSync(dirname(file));
  const others = [`${file}.new`, checkpointFile(database.name, id.replace('0', '1'))];
  for (const path of [file, ...others]) writeFileSync(path, '');
  sweepCheckpoints(database);
  expect([file, ...others].map((path) => existsSync(path))).toEqual([true, false, false]);
  updateRun(database, run, { status: 'finished' });
  sweepCheckpoints(database);
  expect(existsSync(file)).toBe(true);
  updateRun(database, run, { status: 'failed' });
  sweepCheckpoints(database);
  expect(existsSync(file)).toBe(false);
});

it('the last states of finished runs are kept up to a limit, the latest first', () => {
  const dataset = storeSmall(database);
  const ids = [1, 2, 3].map((k) => id.replace('0', String(k)));
  for (const [k, each] of ids.entries()) {
    updateRun(database, storeRun(database, dataset, each), { status: 'finished', finishedAt: k });
    writeCheckpoint(checkpointFile(database.name, each), Object.entries(arrays));
  }
  const size = statSync(checkpointFile(database.name, ids[0])).size;
  limitKeptEnds(database, 2 * size);
  expect(ids.map((each) => existsSync(checkpointFile(database.name, each)))).toEqual([false, true, true]);
});

it('a run begins at the last state of another one where that is kept', () => {
  const child = id.replace('0', '1');
  expect(beginAt(database, child, id)).toBe(false);
  writeCheckpoint(file, Object.entries(arrays));
  expect(beginAt(database, child, id)).toBe(true);
  expect(readCheckpoint(checkpointFile(database.name, child))).toEqual(arrays);
});

it('the sweep and the end of a run touch only files of our names, in a folder that is ours', () => {
  mkdirSync(join(dirname(file), id.replace('0', '1')), { recursive: true });
  mkdirSync(file);
  writeFileSync(join(dirname(file), 'notes.txt'), '');
  const names = readdirSync(dirname(file));
  sweepCheckpoints(database);
  deleteRuns(database, [storeRun(database, storeSmall(database), id)]);
  expect(readdirSync(dirname(file))).toEqual(names);
  expect(readCheckpoint(file)).toBeNull();
});

it('a checkpoints folder that is a link is neither swept nor written behind', () => {
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, id), '');
  symlinkSync(elsewhere, dirname(file));
  sweepCheckpoints(database);
  deleteRuns(database, [storeRun(database, storeSmall(database), id)]);
  expect(() => writeCheckpoint(`${file}`, Object.entries(arrays))).toThrow('is a link');
  expect(readdirSync(elsewhere)).toEqual([id]);
});
