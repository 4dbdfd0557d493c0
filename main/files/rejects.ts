/** Collects what could not be used: counts by kind, the first 100 for the screen, all of them for a file. */
import { csvField } from '../base/csv.ts';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Reject, RejectCounts, RejectKind } from './types.ts';

const KEPT = 100;
/** Different values of a kind that are counted. */
const MOST_VALUES = 200;
const LONGEST = 500;
const FLUSH = 1 << 16;

export class RejectLog {
  readonly kinds: RejectCounts = {};
  readonly first: Reject[] = [];
  /** Of each kind, the first different values that were found, and how often. */
  readonly values = new Map<RejectKind, Map<string, number>>();
  /** Records rejected. */
  total = 0;
  private readonly path: string | null;
  private readonly keep: number;
  private file: number | null = null;
  private lines: string[] = [];
  private size = 0;
  private closed = false;

  /**
   * @param path where all rejects go as CSV; the file appears with the first of them
   * @param keep how many are kept in memory
   */
  constructor(path: string | null, keep = KEPT) {
    this.path = path;
    this.keep = keep;
  }

  add(reject: Omit<Reject, 'records'>, records = 1): void {
    this.kinds[reject.kind] = (this.kinds[reject.kind] ?? 0) + records;
    this.total += records;
    const entry: Reject = { ...reject, found: clip(reject.found), text: clip(reject.text), records };
    this.countValue(reject.kind, entry.found, records);
    if (this.first.length < this.keep) this.first.push(entry);
    if (this.path !== null) this.write(entry);
  }

  private countValue(kind: RejectKind, found: string, records: number): void {
    let values = this.values.get(kind);
    if (!values) this.values.set(kind, (values = new Map<string, number>()));
    const known = values.get(found);
    if (known !== undefined || values.size < MOST_VALUES) values.set(found, (known ?? 0) + records);
  }

  /** Ends the file and returns its path; null where none was asked for. An import without rejects has a header alone. */
  close(): string | null {
    if (this.path === null || this.closed) return this.path;
    this.closed = true;
    this.open();
    this.flush();
    if (this.file !== null) closeSync(this.file);
    this.file = null;
    return this.path;
  }

  private open(): void {
    if (this.file !== null || this.path === null) return;
    this.file = openSync(this.path, 'w');
    this.lines.push('line,kind,column,found,expected,text,records\n');
  }

  private write(entry: Reject): void {
    this.open();
    const { line, kind, column, found, expected, text, records } = entry;
    const row = [String(line), kind, column ?? '', found, expected, text, String(records)].map(csvField);
    const joined = row.join(',') + '\n';
    this.lines.push(joined);
    this.size += joined.length;
    if (this.size > FLUSH) this.flush();
  }

  private flush(): void {
    if (this.file !== null) writeSync(this.file, this.lines.join(''));
    this.lines = [];
    this.size = 0;
  }
}

function clip(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST - 1) + '…';
}
