/** JSON lines, JSON arrays and objects one after another, record by record, with the physical line of each. */
import { isUtf8 } from 'node:buffer';
import { WorkbenchError } from '../../base/errors.ts';
import { looksLikePython, parsePython } from '../text/python.ts';

const LF = 10;
const CR = 13;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const LONGEST = 4 << 20;

export interface JsonHandler {
  record(value: unknown, line: number, text: () => string): void;
  /** Text that is no JSON value. */
  broken(kind: 'bad record' | 'bad encoding' | 'too long', line: number, text: string): void;
}

/** Splits bytes into records: lines, or the elements of one outer array, or objects that follow each other. */
export class JsonRecords {
  line = 1;
  /** Records so far that were Python dicts, not JSON. */
  pythonRecords = 0;
  private readonly handler: JsonHandler;
  private readonly nested: boolean;
  private pieces: Uint8Array[] = [];
  private held = 0;
  private recordLine = 1;
  private depth = 0;
  /** Depth between records: 1 inside an outer array, 0 where objects follow each other. */
  private base = 1;
  /** The quote that ends the present text; 0 outside of one. */
  private quote = 0;
  private escaped = false;
  private opened = false;
  private closed = false;
  private tooLong = false;
  private previous = 0;

  constructor(format: 'jsonl' | 'json', handler: JsonHandler) {
    this.nested = format === 'json';
    this.handler = handler;
  }

  push(chunk: Uint8Array): void {
    if (this.nested) this.pushNested(chunk);
    else this.pushLines(chunk);
  }

  finish(): void {
    if (this.nested && (this.base === 1 ? !this.closed : this.depth > 0)) {
      // A lost bracket or quote would swallow everything behind it: rather no data set than half of one.
      throw new WorkbenchError(
        'damaged-file',
        `The JSON ${this.base === 1 ? 'array' : 'file'} is not closed: the record that begins on line ${this.recordLine} does not end.`,
        'Fix the file, or write it as JSON lines: one object a line.',
      );
    }
    this.emit();
  }

  private pushLines(chunk: Uint8Array): void {
    let from = 0;
    for (let p = 0; p < chunk.length; p++) {
      const c = chunk[p];
      if (c !== LF && c !== CR) {
        this.previous = c;
        continue;
      }
      if (c === LF && this.previous === CR) {
        // The LF of a CRLF: its line was ended by the CR.
        this.previous = c;
        from = p + 1;
        continue;
      }
      this.previous = c;
      this.hold(chunk.subarray(from, p));
      this.emit();
      this.line++;
      this.recordLine = this.line;
      from = p + 1;
    }
    this.hold(chunk.subarray(from));
  }

  private pushNested(chunk: Uint8Array): void {
    let from = this.depth > this.base || this.held > 0 ? 0 : -1;
    for (let p = 0; p < chunk.length; p++) {
      const c = chunk[p];
      if ((c === LF && this.previous !== CR) || c === CR) this.line++;
      this.previous = c;
      if (this.quote !== 0) {
        if (this.escaped) this.escaped = false;
        else if (c === 92) this.escaped = true;
        else if (c === this.quote) this.quote = 0;
        continue;
      }
      if (!this.opened) {
        this.opened = c === OPEN_LIST || c === OPEN;
        if (c === OPEN_LIST) this.depth = 1;
        if (c !== OPEN) continue;
        this.base = 0;
      }
      const blank = c === 32 || c === 9 || c === LF || c === CR;
      const between = this.depth === this.base && !this.closed;
      if (between && (c === COMMA || (c === CLOSE_LIST && this.base === 1))) {
        if (from >= 0) this.hold(chunk.subarray(from, p));
        if (this.held > 0 || this.tooLong) this.emit();
        from = -1;
        this.closed = c === CLOSE_LIST;
        continue;
      }
      if (from < 0 && !blank) {
        from = p;
        this.recordLine = this.line;
      }
      if (this.closed) continue;
      // Outside of a text an apostrophe is no JSON: inside a record it opens a text of Python's.
      if (c === 34 || (c === 39 && this.depth > this.base)) this.quote = c;
      else if (c === OPEN || c === OPEN_LIST) this.depth++;
      else if (c === CLOSE || c === CLOSE_LIST) {
        this.depth = Math.max(this.base, this.depth - 1);
        if (this.depth === 0) {
          this.hold(chunk.subarray(from, p + 1));
          this.emit();
          from = -1;
        }
      }
    }
    if (from >= 0) this.hold(chunk.subarray(from));
  }

  private hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.held > LONGEST) {
      this.tooLong = true;
      return;
    }
    this.pieces.push(Uint8Array.from(piece));
    this.held += piece.length;
  }

  private take(): Buffer {
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    this.held = 0;
    return bytes;
  }

  private emit(): void {
    const long = this.tooLong || this.held > LONGEST;
    this.tooLong = false;
    const bytes = this.take();
    const text = long ? bytes.toString('utf8', 0, 1000) : bytes.toString('utf8');
    if (long) {
      this.handler.broken('too long', this.recordLine, text);
      return;
    }
    if (text.trim() === '') return;
    if (!isUtf8(bytes) || bytes.includes(0)) {
      this.handler.broken('bad encoding', this.recordLine, text);
      return;
    }
    let value: unknown;
    try {
      value = this.parse(text);
    } catch {
      this.handler.broken('bad record', this.recordLine, text);
      return;
    }
    this.handler.record(value, this.recordLine, () => text);
  }

  private parse(text: string): unknown {
    if (!looksLikePython(text)) return parseExactly(text);
    const value = parsePython(text);
    this.pythonRecords++;
    return value;
  }
}

/** JSON with whole numbers beyond 2^53 as text: they are ids, and rounding would merge users. */
function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context?.source &&
    /^-?\d+$/.test(context.source)
      ? context.source
      : value,
  );
}

/** The record's fields as text, in the order of the names (or by position for an array); null: not a record. */
export function fieldsOf(value: unknown, names: readonly string[]): string[] | null {
  if (value === null || typeof value !== 'object') return null;
  try {
    return textsOf(value, names);
  } catch (error) {
    // Nested deeper than can be written: no record of ratings is.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function textsOf(value: object, names: readonly string[]): string[] {
  if (Array.isArray(value)) return names.map((_, k) => fieldText(value[k]));
  const record = value as Record<string, unknown>;
  return names.map((name) => fieldText(fieldOf(record, name)));
}

/** The field of a name; of `user.id` the field `id` of the object `user`, where none has that whole name. */
export function fieldOf(record: Record<string, unknown>, name: string): unknown {
  if (name in record) return record[name];
  const point = name.indexOf('.');
  const inner = point < 0 ? undefined : record[name.slice(0, point)];
  return isPlain(inner) ? inner[name.slice(point + 1)] : undefined;
}

/** Names of a record's fields; an object in it is named by its own fields, as `user.id`. */
export function namesOf(record: Record<string, unknown>): string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const inner = isPlain(value) && wrappedValue(value) === undefined ? Object.keys(value) : [];
    return inner.length > 0 && inner.length <= MOST_INNER ? inner.map((each) => `${name}.${each}`) : [name];
  });
}

/** An object with more fields is no part of a record but one of many values. */
const MOST_INNER = 20;

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a document database writes for ids, dates and long numbers: `{"$oid": "…"}`; undefined where it is none. */
function wrappedValue(value: Record<string, unknown>): unknown {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key?.startsWith('$') ? value[key] : undefined;
}

export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const inner = isPlain(value) ? wrappedValue(value) : undefined;
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner) : JSON.stringify(value);
}
