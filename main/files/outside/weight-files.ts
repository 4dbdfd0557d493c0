/** Weights of a run as files of other tools: TensorFlow.js, NumPy, CSV. */
import { csvField } from '../../base/csv.ts';
import { basename } from 'node:path';
import { writeOutput } from '../../base/output.ts';
import { placesAt } from './places.ts';

type Weight = Float32Array | Float64Array | Uint32Array | Uint8Array;

export interface WeightSource {
  readonly weights: Readonly<Record<string, Weight>>;
  /** External ids: rows of tables are named by them. */
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  /** Model, version of the app: written beside. */
  readonly about: Readonly<Record<string, string>>;
}

/**
 * [rows, columns] of a table, else [length]. Tables of users and items hold a row each; sequence models have one item
 * more, the padding, as row 0; an autoencoder's rows are users or items.
 */
export function shapeOf(name: string, length: number, users: number, items: number): number[] {
  const rows = /^user/i.test(name)
    ? [users]
    : /^(item|output|matrix|weights?$)/i.test(name)
      ? [items, items + 1]
      : /^(encoder|decoder)/.test(name)
        ? [users, items]
        : [];
  const found = rows.find((count) => count > 0 && length % count === 0 && length > count);
  return found === undefined ? [length] : [found, length / found];
}

/**
 * Writes `model.json` and `weights.bin` (what tf.io.loadWeights of TensorFlow.js reads), and of each array
 * `<name>.npy` and `<name>.csv`, into a folder; returns their paths. Integers are int32 for TensorFlow.js, doubles
 * float32; the .npy are exact.
 */
export async function writeWeights(folder: string, source: WeightSource): Promise<string[]> {
  const { weights, userIds, itemIds, about } = source;
  const arrays = Object.entries(weights).map(([name, array]) => ({
    name,
    array,
    file: name.replaceAll(/[^\w.-]/g, '_'),
    shape: shapeOf(name, array.length, userIds.length, itemIds.length),
  }));
  const places = placesAt(folder, 'model.json');
  places.prepare();
  const written: string[] = [];
  const add = async (
    file: string,
    fill: (write: (data: string | Uint8Array) => void) => void,
  ): Promise<void> => {
    const path = file === 'model.json' ? places.main : places.beside(file);
    await writeOutput(path, ({ write }) => fill(write));
    written.push(path);
  };
  const manifest = arrays.map(({ name, array, shape }) => ({
    name,
    shape,
    dtype: isFloat(array) ? 'float32' : 'int32',
  }));
  const model = {
    ...{
      format: 'graph-model',
      generatedBy: 'Recommender Workbench',
      convertedBy: null,
      modelTopology: null,
    },
    weightsManifest: [{ paths: [basename(places.beside('weights.bin'))], weights: manifest }],
    userDefinedMetadata: about,
  };
  await add('model.json', (write) => write(`${JSON.stringify(model, null, 2)}\n`));
  await add('weights.bin', (write) => {
    for (const { array } of arrays)
      write(asBytes(isFloat(array) ? Float32Array.from(array) : Int32Array.from(array)));
  });
  for (const { file, array, shape } of arrays) {
    await add(`${file}.npy`, (write) => {
      write(npyHeader(array, shape));
      write(asBytes(array));
    });
    const ids =
      shape[0] === userIds.length && /^(user|encoder|decoder)/i.test(file)
        ? userIds
        : shape[0] === itemIds.length
          ? itemIds
          : null;
    await add(`${file}.csv`, (write) => {
      for (const piece of csvPieces(array, shape, ids)) write(piece);
    });
  }
  return written;
}

const isFloat = (array: Weight): boolean => array instanceof Float32Array || array instanceof Float64Array;

function asBytes(array: Weight | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Format 1.0: magic, length, a Python dictionary padded to 64 bytes. Little-endian as every machine this runs on. */
export function npyHeader(array: Weight, shape: readonly number[]): Uint8Array {
  const type =
    array instanceof Float32Array
      ? '<f4'
      : array instanceof Float64Array
        ? '<f8'
        : array instanceof Uint32Array
          ? '<u4'
          : '|u1';
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const words = `{'descr': '${type}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const padded = words.padEnd(Math.ceil((10 + words.length + 1) / 64) * 64 - 10 - 1) + '\n';
  const header = Buffer.alloc(10);
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(padded.length, 8);
  return Buffer.concat([header, Buffer.from(padded, 'latin1')]);
}

function* csvPieces(
  array: Weight,
  shape: readonly number[],
  ids: readonly string[] | null,
): Generator<string> {
  const [rows, columns = 1] = shape;
  const names = shape.length === 1 ? ['value'] : Array.from({ length: columns }, (_, k) => String(k));
  let text = `${ids ? 'id' : 'row'},${names.join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    const values = Array.from(array.subarray(row * columns, (row + 1) * columns), (value) =>
      String(Number(value.toPrecision(9))),
    );
    text += `${ids ? csvField(ids[row]) : row},${values.join(',')}\n`;
    if (text.length < 1 << 16) continue;
    yield text;
    text = '';
  }
  yield text;
}
