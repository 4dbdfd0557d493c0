/** What the app was started with. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kindOfFile } from '../../../shared/openable.ts';
import { defaultDataDir } from '../../base/data-folder.ts';

export interface Words {
  /** Absolute; `--data-dir`, else `WORKBENCH_DATA_DIR`, else the usual place. */
  readonly dataDir: string;
  /** `--self-test FILE`: absolute path of the report; null: the window opens. */
  readonly selfTest: string | null;
  /** Files to open, from the system's "Open with" or a double click; absolute. */
  readonly files: readonly string[];
}

/**
 * @param words of the command line, without the program; Chromium's own switches may be among them
 * @param folder that relative paths begin at
 */
export function readWords(words: readonly string[], folder = process.cwd()): Words {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { 'data-dir': { type: 'string' }, 'self-test': { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const { 'data-dir': dataDir, 'self-test': selfTest } = values;
  return {
    dataDir: resolve(folder, typeof dataDir === 'string' ? dataDir : defaultDataDir()),
    selfTest: typeof selfTest === 'string' ? resolve(folder, selfTest) : null,
    files: positionals.flatMap((word) => fileOf(word, folder) ?? []),
  };
}

/** Desktops of Linux write a file as its address. Null: no file that the app opens. */
function fileOf(word: string, folder: string): string | null {
  try {
    const path = /^file:/.test(word) ? fileURLToPath(word) : resolve(folder, word);
    return kindOfFile(path) === null ? null : path;
  } catch {
    // An address on another machine.
    return null;
  }
}
