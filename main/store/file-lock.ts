import Database from 'better-sqlite3';

/**
 * Takes the exclusive lock of a file, held until the returned function is called or the process ends in whatever way:
 * SQLite's lock on an empty database is the operating system's own. Null where another process holds it.
 */
export function holdLock(path: string): (() => void) | null {
  const database = new Database(path, { timeout: 0 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    // Nothing is ever written: a lock needs no room on a full disk.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
