import type { Draft } from '../../base/output.ts';
import { throwIfAborted } from '../abort.ts';
import type { Dataset } from '../types.ts';

/** Rows of a row group: few enough to be in memory several times over. */
const groupRows = 100_000;

export interface WriteOptions {
  onProgress?: (rows: number, total: number) => void;
  signal?: AbortSignal;
}

/** `user`, `item` as text, `rating` as 32-bit float, `timestamp` (or `time` for an order) as 64-bit float. */
export async function writeParquet(
  { ratings, userIds, itemIds, timeKind }: Dataset,
  draft: Pick<Draft, 'write'>,
  { onProgress, signal }: WriteOptions,
): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const timeName = timeKind === 'order' ? 'time' : 'timestamp';
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
  const number = { repetition_type: 'REQUIRED' } as const;
  const columns = [
    { name: 'user', ...text },
    { name: 'item', ...text },
    ...(ratings.implicit ? [] : [{ name: 'rating', type: 'FLOAT', ...number } as const]),
    ...(ratings.time ? [{ name: timeName, type: 'DOUBLE', ...number } as const] : []),
  ];
  const bytes = new ByteWriter();
  const hand = (): void => {
    draft.write(new Uint8Array(bytes.buffer, 0, bytes.index));
    bytes.index = 0;
  };
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns],
    createdBy: 'recommender-workbench',
  });
  const total = ratings.item.length;
  let user = 0;
  for (let from = 0; from < total; from += groupRows) {
    throwIfAborted(signal);
    const to = Math.min(from + groupRows, total);
    const users = new Array<string>(to - from);
    for (let row = from; row < to; row++) {
      while (row >= ratings.start[user + 1]) user++;
      users[row - from] = userIds[user];
    }
    const data = [
      users,
      Array.from(ratings.item.subarray(from, to), (item) => itemIds[item]),
      ...(ratings.implicit ? [] : [ratings.value.subarray(from, to)]),
      ...(ratings.time ? [ratings.time.subarray(from, to)] : []),
    ];
    const columnData = columns.map(({ name }, at) => ({ name, data: data[at] }));
    await writer.write({ columnData, rowGroupSize: groupRows });
    hand();
    onProgress?.(to, total);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.finish();
  hand();
}
