import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** Parameters that name files for the engine to read; `settings.items` of these requests does too. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  'import.inspect': ['path'],
  'import.check': ['path'],
  'import.start': ['path'],
  'import.split': ['train', 'test', 'negatives'],
  'datasets.attachItems': ['path'],
  'storage.restore': ['path'],
};

/**
 * Which files the engine may read for a window of a browser. Without folders: all that this user may read, for who holds
 * the session is this user. With folders: what lies in them, links followed.
 */
export class ReadingScope {
  readonly #folders: readonly string[] | null;

  private constructor(folders: readonly string[] | null) {
    this.#folders = folders;
  }

  static readonly everything = new ReadingScope(null);

  /** @throws where a folder is not there */
  static async of(folders: readonly string[]): Promise<ReadingScope> {
    return new ReadingScope(await Promise.all(folders.map((folder) => realpath(folder))));
  }

  /** The parameters with every file as it is without links, so that what was checked is what is read; null: not allowed. */
  async narrow(method: string, params: unknown): Promise<{ readonly params: unknown } | null> {
    // Where the windows may read one folder alone, they do not choose where everything is.
    if (this.#folders !== null && method === 'storage.move') return null;
    const keys = Object.hasOwn(keysOf, method) ? keysOf[method] : [];
    if (this.#folders === null || keys.length === 0 || typeof params !== 'object' || params === null)
      return { params };
    const narrowed: Record<string, unknown> = { ...params };
    if (!(await this.#resolve(narrowed, keys))) return null;
    if (typeof narrowed.settings === 'object' && narrowed.settings !== null) {
      const settings: Record<string, unknown> = { ...narrowed.settings };
      if (!(await this.#resolve(settings, ['items']))) return null;
      narrowed.settings = settings;
    }
    return { params: narrowed };
  }

  /** Whether all files under these keys may be read; puts their real paths in place. */
  async #resolve(holder: Record<string, unknown>, keys: readonly string[]): Promise<boolean> {
    for (const key of keys) {
      const path = holder[key];
      // What is no path is refused by the engine, in its words.
      if (typeof path !== 'string') continue;
      const real = await realpath(path).catch(() => null);
      if (real === null || !this.#folders?.some((folder) => isInside(real, folder))) return false;
      holder[key] = real;
    }
    return true;
  }
}

/** Of paths without links. */
function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
