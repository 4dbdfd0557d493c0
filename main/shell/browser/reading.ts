import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { filesNamed } from './files-named.ts';

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

  /**
   * The parameters with every file as it is without links, put in their place, so that what was checked is what is read;
   * null: not allowed.
   */
  async narrow(method: string, params: unknown): Promise<{ readonly params: unknown } | null> {
    if (this.#folders === null) return { params };
    // Where the windows may read one folder alone, they do not choose where everything is.
    if (method === 'storage.move') return null;
    for (const { use, path, replace } of filesNamed(method, params)) {
      // What is no path is refused by the engine, in its words.
      if (use !== 'read' || typeof path !== 'string') continue;
      const real = await realpath(path).catch(() => null);
      if (real === null || !this.#folders.some((folder) => isInside(real, folder))) return null;
      replace(real);
    }
    return { params };
  }
}

/** Of paths without links. */
function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
