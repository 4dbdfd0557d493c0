/** Arrays that a run leaves behind. */
import { arrayFrom, type ArrayType, bytesOf, type TypedArray, typeOf } from './columns.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** perUser: one vector a metric, and `users`; the others: named arrays of the ranking, predictions, model. */
export type ArtifactKind = 'perUser' | 'lists' | 'ranks' | 'predictions' | 'weights';

/** Replaces what the run has of this kind. In the caller's transaction where there is one. */
export function writeArtifacts(
  database: WritableDatabase,
  run: number,
  kind: ArtifactKind,
  arrays: Readonly<Record<string, TypedArray>>,
): void {
  deleteArtifacts(database, run, kind);
  const insert = database.prepare(
    'INSERT INTO artifacts (run, kind, name, type, data) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [name, array] of Object.entries(arrays))
    insert.run(run, kind, name, typeOf(array), bytesOf(array));
}

function deleteArtifacts(database: WritableDatabase, run: number, kind: ArtifactKind): void {
  database.prepare('DELETE FROM artifacts WHERE run = ? AND kind = ?').run(run, kind);
}

/** All arrays of a kind by name; empty where there are none. */
export function readArtifacts(
  database: ReadableDatabase,
  run: number,
  kind: ArtifactKind,
): Record<string, TypedArray> {
  const rows = database
    .prepare('SELECT name, type, data FROM artifacts WHERE run = ? AND kind = ?')
    .all(run, kind);
  return Object.fromEntries(
    (rows as { name: string; type: ArrayType; data: Buffer }[]).map((row) => [
      row.name,
      arrayFrom(row.type, row.data),
    ]),
  );
}

/** One array, or null. */
export function readArtifact(
  database: ReadableDatabase,
  run: number,
  kind: ArtifactKind,
  name: string,
): TypedArray | null {
  const row = database
    .prepare('SELECT type, data FROM artifacts WHERE run = ? AND kind = ? AND name = ?')
    .get(run, kind, name) as { type: ArrayType; data: Buffer } | undefined;
  return row ? arrayFrom(row.type, row.data) : null;
}

/** Names and types of the arrays of a kind. */
export function artifactNames(
  database: ReadableDatabase,
  run: number,
  kind: ArtifactKind,
): { name: string; type: ArrayType }[] {
  return database
    .prepare('SELECT name, type FROM artifacts WHERE run = ? AND kind = ? ORDER BY name')
    .all(run, kind) as { name: string; type: ArrayType }[];
}
