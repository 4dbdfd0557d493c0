/** A file on disk, whatever it is packed in, as a stream of UTF-8 bytes; and samples of it for the sniffer. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { WorkbenchError } from '../../base/errors.ts';
import type { ZipMember } from '../types.ts';
import { throwIfAborted } from '../abort.ts';
import { transcoder } from './encoding.ts';
import { isWorkbook, sheetBytes, sheetNames } from './xlsx.ts';
import { zipMembers, zipStream } from './zip.ts';

const CHUNK = 4 << 20;

export type Container = 'plain' | 'gzip' | 'zip' | 'xlsx' | 'parquet';

export interface Source {
  path: string;
  bytes: number;
  modified: number;
  inode: number;
  container: Container;
  /** Files of a zip; empty otherwise. */
  members: ZipMember[];
  /** The one that is read; null outside a zip. */
  member: string | null;
  /** Sheets of a workbook that hold something; empty otherwise. */
  sheets: string[];
  /** The one that is read; null outside a workbook. */
  sheet: string | null;
}

/** How archives of data sets name their ratings, and their lists of items. */
const likelyMembers = {
  ratings: /(^|\/)(ratings\.(csv|dat|tsv|txt)|u\.data)$/i,
  items: /(^|\/)((movies|items|books|artists|products)\.(csv|dat|tsv|txt)|u\.item)$/i,
};

/** What is looked for in an archive or a workbook. */
export interface Wanted {
  member?: string;
  sheet?: string;
  /** Ratings unless told otherwise. */
  kind?: 'ratings' | 'items';
}

/** Looks at the file and chooses the member of a zip or the sheet: the one asked for, or the only one that can be data. */
export async function openSource(path: string, wanted: Wanted = {}): Promise<Source> {
  const { member, sheet, kind = 'ratings' } = wanted;
  const state = await stateOf(path);
  const head = await bytesAt(path, 0, 8);
  const magic = Buffer.from(head).toString('latin1');
  let container: Container = 'plain';
  if (magic.startsWith('\x1f\x8b')) container = 'gzip';
  else if (/^PK(\x03\x04|\x05\x06)/.test(magic)) container = 'zip';
  else if (magic.startsWith('PAR1')) container = 'parquet';
  else if (magic === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') {
    throw new WorkbenchError(
      'not-text',
      `${path} is a workbook of an old Excel, or one with a password.`,
      'Save it as an Excel workbook (.xlsx) without a password, or its sheet of ratings as CSV.',
    );
  }
  const source: Source = { path, ...state, container, members: [], member: null, sheets: [], sheet: null };
  if (container === 'zip') {
    const members = await zipMembers(path);
    if (isWorkbook(members)) {
      source.container = 'xlsx';
      source.sheets = await sheetNames(path, source.bytes, members);
      source.sheet = chooseSheet(source.sheets, sheet, kind);
      return source;
    }
    source.members = members;
    if (source.members.some((each) => each.path === '[Content_Types].xml')) {
      throw new WorkbenchError(
        'not-text',
        `${path} is an Office document.`,
        'Save its sheet of ratings as CSV, and import that.',
      );
    }
    source.member = chooseMember(source.members, member, kind);
  } else if (member !== undefined) {
    throw new WorkbenchError(
      'not-an-archive',
      `${path} is no zip archive and holds no ${member}.`,
      'Leave out which file of the archive to read.',
    );
  }
  if (sheet !== undefined) {
    throw new WorkbenchError(
      'not-a-workbook',
      `${path} is no Excel workbook and has no sheet ${sheet}.`,
      'Leave out which sheet to read.',
    );
  }
  return source;
}

const dataMember = /\.(csv|tsv|txt|dat|data|inter|item|jsonl?|ndjson|parquet|gz)$/i;
/** Files of an archive that are named, and offered in the windows. */
const mostMembers = 200;

/** Some of the files of an archive of any size: those that can be data first, in the archive's order. */
export function shownMembers(members: readonly ZipMember[]): ZipMember[] {
  const rank = ({ path }: ZipMember): number => Number(!dataMember.test(path));
  return members.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostMembers);
}

const likelySheets = {
  ratings: /rating|review|interaction|event|score/i,
  items: /item|movie|film|book|title|product/i,
};

/** The one asked for, by name or position from 1; else the only one, or the only one whose name says what it holds. */
function chooseSheet(sheets: string[], wanted: string | undefined, kind: 'ratings' | 'items'): string {
  if (sheets.length === 0) {
    throw new WorkbenchError('empty-file', 'The workbook holds no cells.', 'Choose another file.');
  }
  const alike = (name: string): boolean => name.trim().toLowerCase() === wanted?.trim().toLowerCase();
  const found =
    wanted === undefined
      ? undefined
      : (sheets.find((name) => name === wanted) ?? sheets.find(alike) ?? sheets[Number(wanted) - 1]);
  if (found !== undefined) return found;
  const likely = sheets.filter((name) => likelySheets[kind].test(name));
  if (wanted === undefined && sheets.length === 1) return sheets[0];
  if (wanted === undefined && likely.length === 1) return likely[0];
  const names = sheets.slice(0, 20).join(', ');
  throw new WorkbenchError(
    'sheet-needed',
    wanted === undefined ? 'The workbook holds several sheets.' : `The workbook has no sheet ${wanted}.`,
    kind === 'items'
      ? `Keep the list of items in a sheet named Items, or in a file of its own. The workbook holds ${names}.`
      : `Choose one with --sheet: ${names}.`,
    { sheets },
  );
}

function chooseMember(members: ZipMember[], wanted: string | undefined, kind: 'ratings' | 'items'): string {
  const names = members.map((each) => each.path);
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  if (names.length === 0) {
    throw new WorkbenchError('empty-archive', 'The archive holds no files.', 'Choose another file.');
  }
  const byEnd = wanted === undefined ? [] : names.filter((name) => name.endsWith('/' + wanted));
  if (byEnd.length === 1) return byEnd[0];
  if (wanted === undefined) {
    if (names.length === 1) return names[0];
    const likely = names.filter((name) => likelyMembers[kind].test(name));
    if (likely.length === 1) return likely[0];
  }
  const list = shownMembers(members)
    .slice(0, 20)
    .map(({ path }) => path)
    .join(', ');
  throw new WorkbenchError(
    'member-needed',
    wanted === undefined ? 'The archive holds several files.' : `The archive holds no file ${wanted}.`,
    kind === 'items'
      ? `Unpack the list of items first. The archive holds ${list}.`
      : `Choose one with --member: ${list}.`,
    { members: shownMembers(members) },
  );
}

/** @throws WorkbenchError `no-file`, `not-a-file` */
export async function assertFile(path: string): Promise<void> {
  await stateOf(path);
}

async function stateOf(path: string): Promise<{ bytes: number; modified: number; inode: number }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new WorkbenchError('not-a-file', `${path} is not a file.`, 'Choose a file of ratings.');
    }
    return { bytes: found.size, modified: found.mtimeMs, inode: found.ino };
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new WorkbenchError('no-file', `${path} ${reason}.`, 'Check the path and your rights to the file.');
  }
}

/** Throws where the file is not the one that was opened: it changed, or is gone. */
export async function assertUnchanged(source: Source): Promise<void> {
  const now = await stateOf(source.path).catch(() => null);
  if (!now) {
    throw new WorkbenchError(
      'file-vanished',
      `${source.path} vanished while it was read.`,
      'Nothing was stored. Put the file back and import it again.',
    );
  }
  if (now.bytes !== source.bytes || now.modified !== source.modified || now.inode !== source.inode) {
    throw new WorkbenchError(
      'file-changed',
      `${source.path} changed while it was read.`,
      'Nothing was stored. Import it again when it is complete.',
    );
  }
}

/** Up to `length` bytes from `offset`. */
export async function bytesAt(path: string, offset: number, length: number): Promise<Uint8Array> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new WorkbenchError(
      'no-file',
      `${path} cannot be read (${code}).`,
      'Check your rights to the file.',
    );
  }
  try {
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export interface ReadOptions {
  signal?: AbortSignal;
  /** Bytes of the file on disk consumed so far. */
  onBytes?: (bytes: number) => void;
  /** Receives every byte of the file on disk, for its checksum. Plain files only: packed ones are hashed apart. */
  onRaw?: (chunk: Uint8Array) => void;
}

/** Bytes that any packed file may unpack to, and how many times its own size a larger one. */
const unpackedFreely = 64 << 20;
const mostUnpacked = 100;

/** The unpacked bytes, as they are encoded in the file. A chunk is valid until the next one is asked for. */
export async function* rawBytes(source: Source, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
  if (source.container === 'plain' || source.container === 'parquet') {
    yield* plainBytes(source, options);
    return;
  }
  // Real ratings unpack to ten times their size; one row over and over to a thousand times, and every row costs memory.
  const most = Math.max(unpackedFreely, mostUnpacked * source.bytes);
  let size = 0;
  for await (const chunk of unpackedBytes(source, options)) {
    size += chunk.length;
    if (size > most) {
      throw new WorkbenchError(
        'unpacks-too-far',
        `${source.path} unpacks to more than ${mostUnpacked} times its size: it repeats the same few bytes.`,
        'Look at what is in it. Unpacked by other means, it is read whatever it holds.',
      );
    }
    yield chunk;
  }
}

async function* unpackedBytes(source: Source, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const { path, container, member } = source;
  const onBytes = options.onBytes ?? (() => {});
  if (container === 'xlsx') {
    for await (const chunk of sheetBytes(path, source.sheet ?? '')) {
      throwIfAborted(options.signal);
      yield chunk;
    }
    return;
  }
  if (container === 'zip') {
    for await (const chunk of zipStream(path, member ?? '', onBytes)) {
      throwIfAborted(options.signal);
      yield chunk;
    }
    return;
  }
  const packed = Readable.from(copies(plainBytes(source, options)), {
    objectMode: false,
    highWaterMark: CHUNK,
  });
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError(
      'damaged-file',
      `The gzip file cannot be unpacked: ${reason}.`,
      'Fetch it again.',
    );
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

/** Streams keep chunks longer than the reader below does. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** The file's own bytes; the next chunk is read while the last is worked on. */
async function* plainBytes(source: Source, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const handle = await open(source.path, 'r');
  try {
    const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    let offset = 0;
    let pending = handle.read(buffers[0], 0, CHUNK, 0);
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await pending;
      throwIfAborted(options.signal);
      if (bytesRead === 0) return;
      offset += bytesRead;
      pending = handle.read(buffers[(turn + 1) % 2], 0, CHUNK, offset);
      // The read ahead may fail while the chunk is worked on; the error is met at the next turn.
      pending.catch(() => {});
      const chunk = buffers[turn % 2].subarray(0, bytesRead);
      options.onRaw?.(chunk);
      options.onBytes?.(offset);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

/** The file as UTF-8 without byte order mark. */
export async function* utf8Bytes(
  source: Source,
  encoding: string,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const convert = transcoder(encoding);
  for await (const chunk of rawBytes(source, options)) {
    const text = convert.write(chunk);
    if (text.length > 0) yield text;
  }
  const rest = convert.end();
  if (rest.length > 0) yield rest;
}

/** SHA-256 (hex) of the file on disk. */
export async function hashFile(source: Source, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of plainBytes(source, { signal })) hash.update(chunk);
  return hash.digest('hex');
}
