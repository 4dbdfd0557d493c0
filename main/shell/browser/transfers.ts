/** Files between the person's machine and this one: uploads for the engine to read, exports for the person to keep. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { browserShell } from '../../../shared/host.ts';
import { refuse, sendJson } from './answers.ts';

/** Largest upload in bytes: 16 GB, some 600 M ratings. */
export const uploadLimit = 16 * 2 ** 30;
/** Milliseconds that an upload waits to be imported. */
const keptUpload = 24 * 3600 * 1000;
/** Bytes of the disk that an upload leaves free: the import that follows writes too. */
const spareBytes = 2 ** 30;

export class Transfers {
  readonly #folder: string;
  readonly #limit: number;
  readonly #exports = new Map<string, string>();

  /** @param folder below which everything is put, and which `clear` takes away */
  constructor(folder: string, limit = uploadLimit) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Streams the body to a file; a cancelled, broken or too large upload leaves nothing behind. */
  async upload(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    await this.#dropOldUploads();
    const folder = join(this.#folder, 'uploads', randomUUID());
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const limit = Math.min(this.#limit, Math.max(bavail * bsize - spareBytes, 0));
    const path = join(folder, fileName(name));
    try {
      if (Number(request.headers['content-length'] ?? 0) > limit) throw new TooLarge();
      const bytes = { count: 0 };
      await pipeline(request, countUpTo(limit, bytes), createWriteStream(`${path}.part`, { flags: 'wx' }));
      await rename(`${path}.part`, path);
      sendJson(response, 201, { path, bytes: bytes.count });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // The rest of the body is not read: the connection cannot be used again.
      response.setHeader('connection', 'close');
      if (!(error instanceof TooLarge))
        return refuse(response, 500, 'upload-failed', 'The upload broke off.');
      const gigabytes = (limit / 2 ** 30).toFixed(1);
      refuse(response, 413, 'upload-too-large', `An upload here may have ${gigabytes} GB.`);
    }
  }

  /** An import takes its file away when it is stored; what was sent and never imported goes after a day. */
  async #dropOldUploads(): Promise<void> {
    const folder = join(this.#folder, 'uploads');
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      if (found && Date.now() - found.mtimeMs > keptUpload) await rm(path, { recursive: true, force: true });
    }
  }

  /** A place for the engine to write a file that the person then downloads. */
  async reserve(response: ServerResponse, name: string): Promise<void> {
    const id = randomUUID();
    const folder = join(this.#folder, 'exports', id);
    await mkdir(folder, { recursive: true });
    const path = join(folder, fileName(name));
    this.#exports.set(id, path);
    sendJson(response, 201, { path, url: `${browserShell.exportPath}/${id}` });
  }

  /** @param beside another file of the same export (the titles of the ratings), by its name */
  async download(
    response: ServerResponse,
    id: string,
    headersOnly: boolean,
    beside: string | null = null,
  ): Promise<void> {
    const reserved = this.#exports.get(id);
    const path = reserved && beside !== null ? join(dirname(reserved), fileName(beside)) : reserved;
    const status = path ? await stat(path).catch(() => null) : null;
    if (!path || !status) return refuse(response, 404, 'not-found', 'There is no such file.');
    const name = encodeURIComponent(path.slice(path.lastIndexOf(sep) + 1));
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': status.size,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'cache-control': 'no-store',
    });
    if (headersOnly) {
      response.end();
      return;
    }
    try {
      await pipeline(createReadStream(path), response);
    } catch {
      // The person cancelled the download, or the connection broke off: it can be asked for again.
      return;
    }
    await this.#delivered(id, path);
  }

  /** The person has the file: it takes no room here any longer. */
  async #delivered(id: string, path: string): Promise<void> {
    await rm(path, { force: true });
    const isEmpty = await rmdir(dirname(path)).then(
      () => true,
      // Another file of the export is still to be fetched.
      () => false,
    );
    if (isEmpty) this.#exports.delete(id);
  }

  /** Whether the engine may write here for a window of a browser: places that `reserve` gave out. */
  isReserved(path: unknown): boolean {
    return typeof path === 'string' && [...this.#exports.values()].includes(path);
  }

  clear(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

class TooLarge extends Error {}

function countUpTo(limit: number, bytes: { count: number }): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes.count += chunk.length;
      if (bytes.count > limit) done(new TooLarge());
      else done(null, chunk);
    },
  });
}

/** The last part of a name, without what a file system or a terminal could take for something else. */
export function fileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const safe = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^\.+/, '');
  return safe.slice(-120) || 'file';
}
