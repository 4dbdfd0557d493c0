/** Files that were imported last, for the menu and for the system's own lists. */
import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { app } from 'electron';
import * as v from 'valibot';
import { kindOfFile } from '../../../shared/openable.ts';

const longest = 10;
const Stored = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.maxLength(40_000),
      v.check(isAbsolute),
      v.check((path) => kindOfFile(path) !== null),
    ),
  ),
  v.maxLength(longest),
);

/** Methods that take a file in: it is recent once the engine has agreed. */
const imports: ReadonlySet<string> = new Set(['import.start', 'capsules.import']);
const Imported = v.object({ path: v.string() });

export class Recent {
  readonly #file: string;
  readonly #changed: () => void;
  #paths: readonly string[];

  /** @param file where they are kept from one start to the next */
  constructor(file: string, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
    this.#paths = read(file);
  }

  /** Last first. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Looks at what a window asked of the engine, and was given. */
  notice(method: string, params: unknown): void {
    const parsed = imports.has(method) ? v.safeParse(Imported, params) : null;
    if (!parsed?.success || kindOfFile(parsed.output.path) === null) return;
    const { path } = parsed.output;
    this.#set([path, ...this.#paths.filter((other) => other !== path)].slice(0, longest));
    // Electron keeps no list of recent documents on Linux.
    if (process.platform !== 'linux') app.addRecentDocument(path);
  }

  clear(): void {
    this.#set([]);
    if (process.platform !== 'linux') app.clearRecentDocuments();
  }

  #set(paths: readonly string[]): void {
    this.#paths = paths;
    try {
      writeFileSync(this.#file, JSON.stringify(paths));
    } catch {
      // A full disk is no reason to refuse an import; the list is short-lived then.
    }
    this.#changed();
  }
}

function read(file: string): readonly string[] {
  try {
    return v.parse(Stored, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
