/** Typed arrays in chunks of blobs. */
import type { ReadableDatabase, WritableDatabase } from './database.ts';

export type TypedArray = Float32Array | Float64Array | Uint32Array | Uint8Array;
export type ArrayType = 'f32' | 'f64' | 'u32' | 'u8';

/** Bytes of a chunk: small enough that writing one does not hold the engine up, large enough to read fast. */
export const chunkBytes = 4 << 20;

/** The bytes of an array, not copied. */
export function bytesOf(array: TypedArray): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

export function typeOf(array: TypedArray): ArrayType {
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Float64Array) return 'f64';
  if (array instanceof Uint32Array) return 'u32';
  return 'u8';
}

/** An array over a copy of bytes that may be unaligned. */
export function arrayFrom(type: 'f32', bytes: Uint8Array): Float32Array;
export function arrayFrom(type: 'f64', bytes: Uint8Array): Float64Array;
export function arrayFrom(type: 'u32', bytes: Uint8Array): Uint32Array;
export function arrayFrom(type: 'u8', bytes: Uint8Array): Uint8Array;
export function arrayFrom(type: ArrayType, bytes: Uint8Array): TypedArray;
export function arrayFrom(type: ArrayType, bytes: Uint8Array): TypedArray {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  if (type === 'f32') return new Float32Array(buffer);
  if (type === 'f64') return new Float64Array(buffer);
  if (type === 'u32') return new Uint32Array(buffer);
  return new Uint8Array(buffer);
}

/** Writes one chunk of a column. */
export function writeChunk(
  database: WritableDatabase,
  dataset: number,
  name: string,
  chunk: number,
  bytes: Uint8Array,
): void {
  database
    .prepare('INSERT INTO columns (dataset, name, chunk, data) VALUES (?, ?, ?, ?)')
    .run(dataset, name, chunk, bytes);
}

/** A whole column's bytes, or null where the data set has none of that name. */
export function readColumn(database: ReadableDatabase, dataset: number, name: string): Uint8Array | null {
  const { bytes } = database
    .prepare('SELECT coalesce(sum(length(data)), -1) AS bytes FROM columns WHERE dataset = ? AND name = ?')
    .get(dataset, name) as { bytes: number };
  if (bytes < 0) return null;
  const whole = new Uint8Array(bytes);
  const chunks = database
    .prepare('SELECT data FROM columns WHERE dataset = ? AND name = ? ORDER BY chunk')
    .iterate(dataset, name) as IterableIterator<{ data: Buffer }>;
  let at = 0;
  for (const { data } of chunks) {
    whole.set(data, at);
    at += data.length;
  }
  return whole;
}

/** Bytes from … to − 1 of a column, without reading the other chunks. */
export function readSlice(
  database: ReadableDatabase,
  dataset: number,
  name: string,
  from: number,
  to: number,
): Uint8Array | null {
  const first = Math.floor(from / chunkBytes);
  const chunks = database
    .prepare(
      'SELECT chunk, data FROM columns WHERE dataset = ? AND name = ? AND chunk BETWEEN ? AND ? ORDER BY chunk',
    )
    .all(dataset, name, first, Math.floor(Math.max(from, to - 1) / chunkBytes)) as {
    chunk: number;
    data: Buffer;
  }[];
  if (chunks.length === 0) return null;
  const slice = new Uint8Array(to - from);
  for (const { chunk, data } of chunks) {
    const at = chunk * chunkBytes;
    const part = data.subarray(Math.max(0, from - at), Math.max(0, to - at));
    slice.set(part, Math.max(0, at - from));
  }
  return slice;
}
