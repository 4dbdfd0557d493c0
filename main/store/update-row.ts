import type { WritableDatabase } from './database.ts';

/** Changes some columns of a row, named by field; objects and lists are stored as JSON, what is undefined as null. */
export function updateRow<Field extends string>(
  database: WritableDatabase,
  table: 'runs' | 'sweeps',
  columns: Readonly<Record<Field, string>>,
  key: number,
  changes: { readonly [F in Field]?: unknown },
): void {
  const names = Object.keys(changes) as Field[];
  const values = names.map((name) => {
    const value = changes[name] ?? null;
    if (typeof value === 'boolean') return Number(value);
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
  database
    .prepare(`UPDATE ${table} SET ${names.map((name) => `${columns[name]} = ?`).join(', ')} WHERE key = ?`)
    .run(...values, key);
}
