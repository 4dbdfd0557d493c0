/** The log of the packaged app: what its processes say on stderr, which nobody else would hear. */
import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../base/data-folder.ts';

/** Bytes after which a log is put aside; the one that was put aside before is gone then. */
const limit = 1_000_000;

export const logPath = (dataDir: string): string => join(dataDir, 'logs', 'workbench.log');

export class LogFile {
  readonly #path: string;
  readonly #limit: number;
  #bytes: number;

  /** @param most bytes a file holds; there are at most two files, this one and the one before */
  constructor(path: string, most = limit) {
    this.#path = path;
    this.#limit = most;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Appends a line with the moment and who says it. What cannot be written (a full disk) is not worth an end of the app. */
  write(source: string, words: string): void {
    const line = `${new Date().toISOString()} ${source}: ${words}\n`;
    try {
      if (this.#bytes === 0) makeFolder(dirname(this.#path));
      else if (this.#bytes + line.length > this.#limit) {
        renameSync(this.#path, `${this.#path}.1`);
        this.#bytes = 0;
      }
      appendFileSync(this.#path, line);
      this.#bytes += Buffer.byteLength(line);
    } catch {
      return;
    }
  }
}

/** The last lines of a log, oldest first; none where there is no log. */
export function tailOf(path: string, lines: number): string[] {
  const texts = [`${path}.1`, path].map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  });
  return texts.join('').split('\n').slice(0, -1).slice(-lines);
}

/** Cuts a stream of text into lines. Returns what takes its pieces; a line is cut off after 4,000 characters. */
export function lineReader(take: (line: string) => void): (piece: Buffer | string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece.toString()).split('\n');
    rest = lines.pop()?.slice(-4_000) ?? '';
    for (const line of lines) if (line.trim() !== '') take(line.slice(0, 4_000));
  };
}
