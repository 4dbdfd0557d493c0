import Database from 'better-sqlite3';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  databaseError,
  migrations,
  openDatabase,
  openReadable,
  versionOf,
} from '../../../main/store/database.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

describe('opening a database', () => {
  it('creates it at the newest version, in WAL mode, with foreign keys checked', () => {
    const database = openDatabase(join(temporaryFolder(), 'w.db'));
    expect(versionOf(database)).toBe(migrations.length);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    database.close();
  });

  it('migrates an older file and keeps a copy of it', () => {
    const path = join(temporaryFolder(), 'w.db');
    openDatabase(path, ['CREATE TABLE old (x)']).close();
    const database = openDatabase(path, ['CREATE TABLE old (x)', 'ALTER TABLE old ADD COLUMN y']);
    expect(versionOf(database)).toBe(2);
    database.close();
    expect(existsSync(`${path}.v1.backup`)).toBe(true);
  });

  it('leaves a file as it was where a migration fails halfway', () => {
    const path = join(temporaryFolder(), 'w.db');
    openDatabase(path, ['CREATE TABLE old (x)']).close();
    const broken = ['CREATE TABLE old (x)', 'CREATE TABLE half (x); CREATE TABLE nonsense nonsense'];
    expect(() => openDatabase(path, broken)).toThrow(/cannot be read/);
    const database = openDatabase(path, ['CREATE TABLE old (x)']);
    expect(versionOf(database)).toBe(1);
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    database.close();
  });

  it('refuses a file that a newer version wrote', () => {
    const path = join(temporaryFolder(), 'w.db');
    openDatabase(path, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)']).close();
    expect(() => openDatabase(path, ['CREATE TABLE a (x)'])).toThrow(/newer version/);
  });

  it('says so where the file is no database', () => {
    const path = join(temporaryFolder(), 'w.db');
    writeFileSync(path, 'not a database, but long enough to look like something else '.repeat(100));
    expect(() => openDatabase(path)).toThrow(/cannot be read/);
  });

  it('tells damage, a full disk and a locked file apart in words', () => {
    const words = (code: string) => databaseError(new Database.SqliteError('said by SQLite', code))?.code;
    expect(words('SQLITE_CORRUPT_VTAB')).toBe('database-damaged');
    expect(words('SQLITE_FULL')).toBe('disk-full');
    expect(words('SQLITE_BUSY_SNAPSHOT')).toBe('folder-owned');
    expect(words('SQLITE_READONLY_DIRECTORY')).toBe('folder-unusable');
    expect(words('SQLITE_CONSTRAINT')).toBeUndefined();
  });

  it('opens for reading alone where asked, and creates nothing', () => {
    const path = join(temporaryFolder(), 'w.db');
    expect(() => openReadable(path)).toThrow(/no database/);
    openDatabase(path).close();
    const readable = openReadable(path);
    expect(() => readable.prepare("INSERT INTO settings VALUES ('a', 'b')").run()).toThrow(/readonly/);
    readable.close();
  });
});
