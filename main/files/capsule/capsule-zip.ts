/** The zip of a capsule as a hostile file: members by name, each no larger than told, with its checksum. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, Options, ZipFile } from 'yauzl';
import { WorkbenchError } from '../../base/errors.ts';
import { assertFile } from '../source/source.ts';

const openZip = promisify<string, Options, ZipFile>(yauzl.open);

/** Members of a capsule: a few for each run. */
const MOST_MEMBERS = 100_001;
/** Bytes that any capsule may unpack to, and how many times its own size a larger one. */
const unpackedFreely = 256 << 20;
const mostUnpacked = 200;

/** @throws WorkbenchError `not-a-capsule` */
export function notACapsule(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'not-a-capsule',
    `${path} cannot be opened as a run capsule: ${reason}.`,
    'Ask whoever sent it to export the capsule again; nothing of it was kept.',
  );
}

export class CapsuleZip {
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws WorkbenchError `no-file`, `not-a-capsule` */
  static async open(path: string): Promise<CapsuleZip> {
    await assertFile(path);
    const zip = await openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }).catch(
      (error: unknown) => {
        throw notACapsule(path, reasonOf(error));
      },
    );
    try {
      const entries = await readEntries(path, zip);
      const unpacked = [...entries.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0);
      if (unpacked > Math.max(unpackedFreely, mostUnpacked * zip.fileSize))
        throw notACapsule(
          path,
          `it would unpack to ${Math.round(unpacked / 1e6)} MB, far more than its size`,
        );
      return new CapsuleZip(path, zip, entries);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#entries.keys());
  }

  /**
   * The bytes of a member.
   * @param most bytes that it may have
   * @param sha256 that they must have; null: whatever they are
   */
  async read(name: string, most: number, sha256: string | null): Promise<Buffer> {
    const entry = this.#entries.get(name);
    if (!entry) throw notACapsule(this.#path, `its member ${name} is missing`);
    if (entry.uncompressedSize > most)
      throw notACapsule(this.#path, `its member ${name} is larger than it says`);
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      const stream = await promisify(this.#zip.openReadStream.bind(this.#zip))(entry);
      try {
        for await (const piece of stream as AsyncIterable<Buffer>) {
          size += piece.length;
          if (size > most) throw new Error('it is larger than it says');
          pieces.push(piece);
        }
      } finally {
        stream.destroy();
      }
    } catch (error) {
      throw notACapsule(this.#path, `its member ${name} cannot be read (${reasonOf(error)})`);
    }
    const bytes = Buffer.concat(pieces);
    if (sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw notACapsule(this.#path, `its member ${name} is not what was written (its checksum differs)`);
    return bytes;
  }

  close(): void {
    this.#zip.close();
  }
}

async function readEntries(path: string, zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_MEMBERS) throw notACapsule(path, `it has ${zip.entryCount} members`);
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) reject(notACapsule(path, `it has ${entry.fileName} twice`));
      else if ((entry.generalPurposeBitFlag & 1) !== 0) reject(notACapsule(path, 'it is encrypted'));
      else {
        entries.set(entry.fileName, entry);
        zip.readEntry();
      }
    });
    zip.on('end', () => resolve());
    // yauzl refuses names that lead out of a folder here.
    zip.on('error', (error: unknown) => reject(notACapsule(path, reasonOf(error))));
    zip.readEntry();
  });
  return entries;
}

function reasonOf(error: unknown): string {
  if (error instanceof WorkbenchError) return error.message;
  return (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
}
