/** A sample of a delimited file as records of text. */
import { RecordScanner } from '../text/scan.ts';
import type { ScanDialect } from '../text/scan.ts';
import type { RejectKind } from '../types.ts';

/** Fields looked at in a sampled record. */
const MOST_FIELDS = 4096;

export interface SampledRecord {
  line: number;
  fields: string[];
  problem?: RejectKind;
}

/** Part of a file; only the first begins at a record for certain. */
export interface SampleArea {
  bytes: Uint8Array;
  /** Whether the bytes begin at the start of the file. */
  head: boolean;
  /** Whether they end at its end. */
  tail: boolean;
}

/** The first `limit` records of the bytes; the last line is left out where the sample may have cut it. */
export function sampleRecords(area: SampleArea, dialect: ScanDialect, limit: number): SampledRecord[] {
  const records: SampledRecord[] = [];
  const handler = {
    record(s: RecordScanner): void {
      if (records.length >= limit) return;
      const fields: string[] = [];
      for (let k = 0; k < Math.min(s.count, MOST_FIELDS); k++) fields.push(s.text(s.starts[k], s.ends[k]));
      records.push({ line: s.line, fields });
    },
    broken(kind: RejectKind, s: RecordScanner): void {
      if (records.length < limit) records.push({ line: s.line, fields: [s.text()], problem: kind });
    },
  };
  const scanner = new RecordScanner(dialect, MOST_FIELDS, 0, handler);
  const step = 1 << 14;
  const bytes = area.head ? area.bytes : area.bytes.subarray(firstLineStart(area.bytes));
  for (let at = 0; at < bytes.length && records.length < limit; at += step) {
    scanner.push(bytes.subarray(at, at + step));
  }
  if (area.tail && records.length < limit) scanner.finish();
  return records;
}

function firstLineStart(bytes: Uint8Array): number {
  for (let k = 0; k < bytes.length; k++) {
    if (bytes[k] === 10) return k + 1;
    if (bytes[k] === 13) return bytes[k + 1] === 10 ? k + 2 : k + 1;
  }
  return bytes.length;
}

/** What ends the lines of the samples. */
export function lineEndsOf(areas: readonly SampleArea[]): {
  value: 'lf' | 'crlf' | 'cr' | 'mixed';
  why: string;
} {
  let lf = 0;
  let crlf = 0;
  let cr = 0;
  for (const { bytes } of areas) {
    for (let k = 0; k < bytes.length; k++) {
      if (bytes[k] === 10) lf++;
      else if (bytes[k] === 13) {
        if (bytes[k + 1] === 10) {
          crlf++;
          k++;
        } else if (k + 1 < bytes.length) cr++;
      }
    }
  }
  const why = `${lf} LF, ${crlf} CRLF, ${cr} CR in the sample`;
  const kinds = Number(lf > 0) + Number(crlf > 0) + Number(cr > 0);
  if (kinds > 1) return { value: 'mixed', why };
  return { value: crlf > 0 ? 'crlf' : cr > 0 ? 'cr' : 'lf', why };
}
