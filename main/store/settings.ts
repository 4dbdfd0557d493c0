import * as v from 'valibot';
import { Settings } from '../../shared/contract.ts';
import { ImportSettings } from '../../shared/imports.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** Settings with defaults where nothing, or nothing readable, is stored. */
export function readSettings(database: ReadableDatabase): Settings {
  const rows = database.prepare('SELECT name, value FROM settings').all() as {
    name: string;
    value: string;
  }[];
  const stored = Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value) as unknown]));
  const parsed = v.safeParse(Settings, stored);
  return parsed.success ? parsed.output : v.parse(Settings, {});
}

export function writeSettings(database: WritableDatabase, changes: Partial<Settings>): Settings {
  const write = database.prepare(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  database
    .transaction(() => {
      for (const [name, value] of Object.entries(changes)) write.run(name, JSON.stringify(value));
    })
    .immediate();
  return readSettings(database);
}

/** The mapping that was used last for a file with this header, or null. */
export function readMapping(database: ReadableDatabase, header: readonly string[]): ImportSettings | null {
  const row = database
    .prepare('SELECT settings FROM mappings WHERE header = ?')
    .get(JSON.stringify(header)) as { settings: string } | undefined;
  const parsed = row && v.safeParse(ImportSettings, JSON.parse(row.settings));
  return parsed?.success ? parsed.output : null;
}

export function writeMapping(
  database: WritableDatabase,
  header: readonly string[],
  settings: ImportSettings,
): void {
  database
    .prepare(
      `INSERT INTO mappings (header, settings, used_at) VALUES (?, ?, ?)
       ON CONFLICT (header) DO UPDATE SET settings = excluded.settings, used_at = excluded.used_at`,
    )
    .run(JSON.stringify(header), JSON.stringify(settings), Date.now());
}
