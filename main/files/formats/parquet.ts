/** Parquet files, read by row groups in plain code: nothing of a machine's own is needed for them. */
import { open, type FileHandle } from 'node:fs/promises';
import type { AsyncBuffer, ColumnData, FileMetaData, SchemaElement } from 'hyparquet';
import { WorkbenchError } from '../../base/errors.ts';
import { throwIfAborted } from '../abort.ts';
import { textOf } from './parquet-text.ts';

type Library = typeof import('hyparquet');

/** Rows that are in memory at once, where the file says where its pages are. */
const batch = 1 << 18;
/** Values that are in memory at once: some 50 bytes each. */
const mostValues = 64_000_000;
/** Bytes of one column of one row group, and of one unpacked page. */
const longest = 2 ** 31 - 1;
const longestPage = 2 ** 28;

interface Opened {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly SchemaElement[];
  readonly library: Library;
  readonly compressors: NonNullable<Parameters<Library['parquetRead']>[0]['compressors']>;
}

/** Names of the columns, the first rows as text, and how many rows there are. */
export async function parquetColumns(
  path: string,
  limit: number,
): Promise<{ names: string[]; rows: string[][]; total: number }> {
  return await opened(path, async (parquet) => {
    const names = parquet.columns.map(({ name }) => name);
    const total = parquet.metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    const rows: string[][] = [];
    const all = names.map((_, at) => at);
    await readRows(parquet, all, (fields) => rows.push([...fields]), { limit });
    return { names, rows, total };
  });
}

/** Every row's chosen columns as text (null: ''), in file order. */
export async function readParquet(
  path: string,
  positions: readonly number[],
  onRow: (fields: readonly string[], row: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await opened(path, (parquet) => readRows(parquet, positions, onRow, { signal }));
}

async function opened<T>(path: string, work: (parquet: Opened) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const [library, { compressors }] = await Promise.all([
      import('hyparquet'),
      import('hyparquet-compressors'),
    ]);
    const file = bufferOf(handle, (await handle.stat()).size);
    const metadata = await library.parquetMetadataAsync(file);
    const columns = library.parquetSchema(metadata).children.map(({ element }) => element);
    assertDistinct(columns.map(({ name }) => name));
    const bounded = Object.fromEntries(
      Object.entries(compressors).map(([codec, unpack]) => [codec, withinBounds(unpack)]),
    );
    return await work({ file, metadata, columns, library, compressors: bounded });
  } catch (error) {
    throw unreadable(error);
  } finally {
    await handle.close();
  }
}

/** Of several reads that fail the library awaits one: the others must not end the process. */
function bufferOf(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    slice(start, end = byteLength) {
      const [from, to] = [start, end].map((at) => (at < 0 ? byteLength + at : at));
      const bytes = bytesOf(handle, byteLength, from, to);
      bytes.catch(() => undefined);
      return bytes;
    },
  };
}

/** Bytes [from, to) of the file; what lies outside of it is a fault of the file. */
async function bytesOf(handle: FileHandle, size: number, from: number, to: number): Promise<ArrayBuffer> {
  if (!(from >= 0 && to >= from && to <= size)) throw new Error('it points outside of itself');
  if (to - from > longest) throw tooLarge('2 GB of a column in one row group');
  const bytes = new Uint8Array(to - from);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw new Error('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes.buffer;
}

type Unpack = (input: Uint8Array, outputLength: number) => Uint8Array;

/** A page that says of itself that it is huge is refused before there is memory for it. */
function withinBounds(unpack: Unpack): Unpack {
  return (input, outputLength) => {
    if (!(outputLength >= 0 && outputLength <= longestPage)) throw new Error('a page of it is too large');
    return unpack(input, outputLength);
  };
}

/** Columns are read by name. */
function assertDistinct(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two columns are called ${twice}`);
}

/** Times as milliseconds, so that one unit fits them. */
const parsers = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros: bigint) => Math.floor(Number(micros) / 1000),
  // Nanoseconds of today are beyond what a number holds exactly.
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1_000_000n),
  dateFromDays: (days: number) => days * 86_400_000,
};

async function readRows(
  parquet: Opened,
  positions: readonly number[],
  onRow: (fields: readonly string[], row: number) => void,
  { limit = Infinity, signal }: { limit?: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const texts = positions.map((at) => textOf(parquet.columns[at]));
  const names = positions.map((at) => parquet.columns[at].name);
  const fields = new Array<string>(positions.length);
  let row = 0;
  for (const [from, to] of batchesOf(parquet.metadata, limit, positions.length)) {
    throwIfAborted(signal);
    const columns = await readBatch(parquet, names, from, to);
    for (let at = from; at < to; at++) {
      for (let k = 0; k < fields.length; k++) fields[k] = texts[k](columns[k](at));
      onRow(fields, ++row);
    }
  }
}

/**
 * Row numbers [from, to) in order: whole row groups, or parts of those that have an index of their pages.
 * @param limit rows that are wanted, from the first
 * @param columns how many are read
 * @throws WorkbenchError `too-large`
 */
export function* batchesOf(
  { row_groups }: Pick<FileMetaData, 'row_groups'>,
  limit: number,
  columns: number,
): Generator<readonly [number, number]> {
  let start = 0;
  for (const group of row_groups) {
    const end = Math.min(start + Number(group.num_rows), limit);
    const hasIndex = group.columns.every((column) => column.offset_index_offset !== undefined);
    const step = hasIndex ? batch : Infinity;
    for (let from = start; from < end; from += step) {
      const to = Math.min(from + step, end);
      if ((to - from) * columns > mostValues) throw tooLarge(`${to - from} rows in one row group`);
      yield [from, to];
    }
    start = end;
  }
}

function tooLarge(what: string): WorkbenchError {
  return new WorkbenchError(
    'too-large',
    `The Parquet file has ${what}, more than can be read at once.`,
    'Write it with row groups of a million rows: row_group_size=1_000_000 in pandas and pyarrow.',
  );
}

type Column = (row: number) => unknown;

/** @returns for each name what gives its value of a row; rows are asked for in order */
async function readBatch(
  { file, metadata, library, compressors }: Opened,
  names: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<Column[]> {
  const pieces = new Map<string, ColumnData[]>(names.map((name) => [name, []]));
  await library.parquetRead({
    ...{ file, metadata, compressors, parsers, rowStart, rowEnd },
    columns: [...new Set(names)],
    useOffsetIndex: true,
    geoparquet: false,
    onChunk: (piece) => pieces.get(piece.columnName)?.push(piece),
  });
  return names.map((name) => columnOf(pieces.get(name) ?? []));
}

function columnOf(pieces: readonly ColumnData[]): Column {
  let at = 0;
  return (row) => {
    while (at < pieces.length && row >= pieces[at].rowEnd) at++;
    const piece = pieces.at(at);
    if (!piece || row < piece.rowStart) throw new Error('a column of it has fewer rows than the others');
    return (piece.columnData as ArrayLike<unknown>)[row - piece.rowStart];
  };
}

function unreadable(error: unknown): unknown {
  if (error instanceof WorkbenchError) return error;
  if (error instanceof Error && 'syscall' in error) return error;
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return new WorkbenchError(
    'damaged-file',
    `The Parquet file cannot be read: ${reason}.`,
    'Write the file again.',
  );
}
