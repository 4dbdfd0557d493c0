import Database from 'better-sqlite3';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { claimNewFolder, defaultDataDir, markerName, markOf } from '../../../main/base/data-folder.ts';
import { takeOwnership } from '../../../main/engine/folder.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), 'data');
});

const claim = (dataDir = folder): void => takeOwnership(dataDir).release();
const refused = (words: string) =>
  expect.objectContaining({ code: 'not-a-data-folder', message: words }) as unknown;

describe('a data folder', () => {
  it('is marked where it is new or empty, and known again', () => {
    claim();
    expect(markOf(folder)).toBe('marked');
    writeFileSync(join(folder, 'notes of the person'), '');
    claim();
    const empty = join(folder, '..', 'empty');
    mkdirSync(empty);
    claim(empty);
    expect(markOf(empty)).toBe('marked');
  });

  it('is refused where it holds what is not ours, and nothing is put into it', () => {
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    for (const name of 'abcdef') writeFileSync(join(folder, name), '');
    const held = readdirSync(folder);
    expect(() => claim()).toThrow(
      refused(
        `${folder} is not a data folder of the workbench: it holds a, b, c, checkpoints, d and 2 more.`,
      ),
    );
    expect(readdirSync(folder)).toEqual(held);
  });

  it('is refused where the name is empty', () => {
    for (const name of ['', ' '])
      expect(() => claim(name)).toThrow(refused('The data folder has an empty name.'));
  });

  it('is refused in words where a file has its name, or the name of a folder above it', () => {
    writeFileSync(folder, '');
    for (const name of [folder, join(folder, 'a', 'b')])
      expect(() => claim(name)).toThrow(`${folder} is a file, and a folder is needed there.`);
  });

  it('of the first version is known by its database, and marked', () => {
    mkdirSync(folder);
    openDatabase(join(folder, 'workbench.db')).close();
    const old = new Database(join(folder, 'workbench.db'));
    old.pragma('application_id = 0');
    old.close();
    claim();
    expect(markOf(folder)).toBe('marked');
  });

  it.each([
    ['of the same version number', 'PRAGMA user_version = 1; CREATE TABLE datasets (x)'],
    ['of a negative version', 'PRAGMA user_version = -1'],
    ['with a mark of its own', 'PRAGMA application_id = 7; CREATE TABLE runs (x)'],
  ])('is refused where its database is of another program: %s', (_, sql) => {
    mkdirSync(folder);
    const path = join(folder, 'workbench.db');
    const foreign = new Database(path);
    foreign.exec(sql);
    foreign.close();
    const before = readFileSync(path);
    expect(() => claim()).toThrow(
      refused(
        `${folder} is not a data folder of the workbench: it holds workbench.db. Its workbench.db is of another program.`,
      ),
    );
    expect(() => openDatabase(path)).toThrow(`${path} is a database of another program.`);
    expect([readdirSync(folder), readFileSync(path)]).toEqual([['workbench.db'], before]);
  });

  it('whose mark was cut short by a crash is ours', () => {
    claim();
    const whole = readFileSync(join(folder, markerName), 'utf8');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(join(folder, markerName), whole.slice(0, length));
      expect(markOf(folder)).toBe('marked');
    }
    claim();
    expect(readFileSync(join(folder, markerName), 'utf8')).toBe(whole);
  });

  it('of a newer version is refused as such; a mark of somebody else is none', () => {
    claim();
    const path = join(folder, markerName);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":2'));
    expect(() => claim()).toThrow('a newer version of the workbench');
    writeFileSync(path, '{"format":"something else"}');
    expect(markOf(folder)).toBe('unmarked');
    rmSync(path);
    symlinkSync(join(folder, '..', 'elsewhere'), path);
    expect(markOf(folder)).toBe('unmarked');
  });

  it('may be a link to one', () => {
    claim();
    symlinkSync(folder, join(folder, '..', 'link'));
    claim(join(folder, '..', 'link'));
    expect(existsSync(join(folder, 'engine.lock'))).toBe(true);
  });

  it('is marked by a shell that puts files of its own into it first, and only where it is empty', () => {
    claimNewFolder(folder);
    mkdirSync(join(folder, 'window'));
    claim();
    const foreign = join(folder, '..', 'foreign');
    mkdirSync(join(foreign, 'window'), { recursive: true });
    claimNewFolder(foreign);
    expect(() => claim(foreign)).toThrow(
      refused(`${foreign} is not a data folder of the workbench: it holds window.`),
    );
  });
});

it('a variable of the system that is empty is none', () => {
  expect(defaultDataDir('linux', { XDG_DATA_HOME: '', HOME: '/home/a' })).toMatch(
    /^\/.*recommender-workbench$/,
  );
});
