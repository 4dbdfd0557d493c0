/** Samples of JSON and Parquet files: names and the first records, as text. */
import { WorkbenchError } from '../../base/errors.ts';
import { JsonRecords, fieldsOf } from '../formats/json.ts';
import { parquetColumns } from '../formats/parquet.ts';
import type { SampleArea, SampledRecord } from './table.ts';

const ROWS = 100;

export interface StructuredSample {
  names: string[];
  records: SampledRecord[];
  /** Records of the whole file, where it says so. */
  total: number | null;
}

/** JSON lines or one array of objects (or of arrays). */
export function sampleJson(areas: readonly SampleArea[], format: 'jsonl' | 'json'): StructuredSample {
  const values: { line: number; value: unknown }[] = [];
  const reader = new JsonRecords(format, {
    record: (value, line) => {
      if (values.length < ROWS) values.push({ line, value });
    },
    broken: () => {},
  });
  const [head] = areas;
  const step = 1 << 14;
  for (let at = 0; at < head.bytes.length && values.length < ROWS; at += step) {
    reader.push(head.bytes.subarray(at, at + step));
  }
  if (head.tail && values.length < ROWS) reader.finish();
  const names: string[] = [];
  let widest = 0;
  for (const { value } of values) {
    if (Array.isArray(value)) widest = Math.max(widest, value.length);
    else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) if (!names.includes(key)) names.push(key);
    }
  }
  if (names.length === 0 && widest === 0) {
    throw new WorkbenchError(
      'not-ratings',
      'The JSON file holds no records with fields.',
      'It should have one object such as {"user": "1", "item": "2", "rating": 5} a line, or one array of them.',
    );
  }
  const columns = names.length > 0 ? names : Array.from({ length: widest }, () => '');
  const records = values.map(({ line, value }) => ({ line, fields: fieldsOf(value, columns) ?? [] }));
  return { names: columns, records, total: null };
}

export async function sampleParquet(path: string): Promise<StructuredSample> {
  const { names, rows, total } = await parquetColumns(path, ROWS);
  return { names, records: rows.map((fields, k) => ({ line: k + 1, fields })), total };
}
