/** Samples of JSON and Parquet files: names and the first records, as text. */
import type { Interpretation } from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { told } from '../interpretations.ts';
import { JsonRecords, fieldsOf, namesOf } from '../formats/json.ts';
import { parquetColumns } from '../formats/parquet.ts';
import type { FileFormat, Guess } from '../types.ts';
import type { SampleArea, SampledRecord } from './sampled-table.ts';

const ROWS = 100;

export interface StructuredSample {
  names: string[];
  records: SampledRecord[];
  /** Records of the whole file, where it says so. */
  total: number | null;
  interpretations: Interpretation[];
}

/** How a file that begins with an object goes on: an object a line, or objects of several lines or on one line. */
export function objectForm(head: Uint8Array): Guess<FileFormat> {
  const wholeIn = (format: 'jsonl' | 'json'): number => {
    let whole = 0;
    const reader = new JsonRecords(format, {
      record: (value) => void (whole += Number(value !== null && typeof value === 'object')),
      broken: () => {},
    });
    reader.push(head.subarray(0, 1 << 16));
    // A last line needs no end; nested text that the sample cut is none.
    if (format === 'jsonl') reader.finish();
    return whole;
  };
  return wholeIn('json') > wholeIn('jsonl')
    ? { value: 'json', why: 'objects that follow each other', given: false }
    : { value: 'jsonl', why: 'an object on the first line', given: false };
}

/** JSON lines, one array of objects (or of arrays), or objects that follow each other. */
export function sampleJson(areas: readonly SampleArea[], format: 'jsonl' | 'json'): StructuredSample {
  const values: { line: number; value: unknown }[] = [];
  let pythonRecords = 0;
  const reader: JsonRecords = new JsonRecords(format, {
    record: (value, line) => {
      if (values.length >= ROWS) return;
      values.push({ line, value });
      pythonRecords = reader.pythonRecords;
    },
    broken: () => {},
  });
  const [head] = areas;
  const step = 1 << 14;
  for (let at = 0; at < head.bytes.length && values.length < ROWS; at += step) {
    reader.push(head.bytes.subarray(at, at + step));
  }
  if (head.tail && values.length < ROWS) reader.finish();
  if (head.tail && values.length === 1) assertRecord(values[0].value);
  const names: string[] = [];
  let widest = 0;
  for (const { value } of values) {
    if (Array.isArray(value)) widest = Math.max(widest, value.length);
    else if (value !== null && typeof value === 'object') {
      for (const key of namesOf(value as Record<string, unknown>)) if (!names.includes(key)) names.push(key);
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
  const text = `${pythonRecords} of ${values.length} sampled records are Python dicts, not JSON; they are read as what Python means by them.`;
  const interpretations =
    pythonRecords > 0 ? [told('python-records', text, { rows: pythonRecords, sampled: true })] : [];
  return { names: columns, records, total: null, interpretations };
}

/** One object that holds lists is an envelope, not a record. */
function assertRecord(only: unknown): void {
  if (only === null || typeof only !== 'object' || Array.isArray(only)) return;
  const list = Object.entries(only).find(
    ([, value]) => Array.isArray(value) && value.every((each) => typeof each === 'object'),
  );
  if (!list) return assertNoColumns(only);
  throw new WorkbenchError(
    'not-ratings',
    `The JSON file holds no records: it is one object, whose ${list[0]} is a list.`,
    `Write that list as a file of its own, for example with: jq -c '.${list[0]}[]' FILE > ratings.jsonl`,
  );
}

/** One object of columns, each with all of its values, or of users, each with his ratings. */
function assertNoColumns(only: object): void {
  const entries = Object.entries(only);
  const sizeOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  if (entries.length < 2 || !entries.every(([, value]) => sizeOf(value) > 0)) return;
  if (!entries.some(([, value]) => sizeOf(value) > 3)) return;
  const names = entries
    .slice(0, 4)
    .map(([name]) => name.slice(0, 40))
    .join(', ');
  throw new WorkbenchError(
    'not-ratings',
    `The JSON file holds no records: it is one object of lists or objects (${names}${entries.length > 4 ? ', …' : ''}).`,
    'Write one record a rating; with pandas: to_json("ratings.jsonl", orient="records", lines=True).',
  );
}

export async function sampleParquet(path: string): Promise<StructuredSample> {
  const { names, rows, total } = await parquetColumns(path, ROWS);
  return { names, records: rows.map((fields, k) => ({ line: k + 1, fields })), total, interpretations: [] };
}
