/**
 * Splits a stream of UTF-8 bytes into records and fields, after RFC 4180 with any delimiter, any quote, and LF, CRLF
 * and CR line ends in any mixture. It knows the physical line of every record, and a broken quote costs one line: the
 * line is reported and reading goes on at the next one, so that no row is swallowed.
 *
 * Why not DuckDB's reader: it gives no rows and no line numbers for mixed line ends, for an unclosed quote and for a
 * long line, and one reader that is exact on every file is simpler than a fast one with a careful one behind it.
 */
import { isUtf8 } from 'node:buffer';

const LF = 10;
const CR = 13;
const SPACE = 32;

/** A record of more bytes is no rating: `too long`, or a quote that was never closed. */
export const MAX_RECORD = 4 << 20;
/** Most bytes that are taken in at a time. */
export const MAX_CHUNK = 4 << 20;

/** What `split` returns instead of a position. */
const INCOMPLETE = -1;
const BROKEN = -2;

const replacement = Buffer.from('\ufffd');

export interface ScanDialect {
  delimiter: string;
  /** One ASCII character, or '' for none. */
  quote: string;
  /** Blanks may stand between a delimiter and a quote, on both sides of a field. */
  spaced?: boolean;
}

export type BrokenKind = 'bad quoting' | 'too long';

export interface RecordHandler {
  /** A whole record: take what is needed of `buf`, `starts`, `ends`, `count` and `line` before returning. */
  record(scanner: RecordScanner): void;
  /** Asked where fields run over line ends; false: it is rather a stray quote, and the first line is broken. */
  accepts?(scanner: RecordScanner): boolean;
  /** A line that is no record; its bytes are `recordStart` … `recordEnd`. */
  broken(kind: BrokenKind, scanner: RecordScanner): void;
}

export class RecordScanner {
  /** Bytes under the scanner: what was carried over, a chunk, and room for fields whose doubled quotes are undone. */
  buf = new Uint8Array(1 << 16);
  /** [capacity] first byte of each field, quotes excluded. */
  readonly starts: Int32Array;
  /** [capacity] one past the last byte of each field. */
  readonly ends: Int32Array;
  /** Fields of the record; those beyond the capacity are counted but not kept. */
  count = 0;
  /** First physical line of the record, from 1. */
  line = 1;
  recordStart = 0;
  recordEnd = 0;
  /** True where the chunk holds invalid UTF-8, NUL or replaced bytes somewhere: the handler then looks closer. */
  suspicious = false;
  /** Set where the bytes are re-encoded text: U+FFFD then stands for a byte that could not be read. */
  replaced = false;
  /** Fields a record should have, 0 for any number: a record over several lines with another is bad quoting. */
  expected: number;

  private readonly handler: RecordHandler;
  /** 1 for the bytes that end an unquoted field. */
  private readonly special = new Uint8Array(256);
  private readonly delimiter: Uint8Array;
  private readonly quote: number;
  private readonly collapse: boolean;
  private readonly spaced: boolean;
  private begin = 0;
  private end = 0;
  /** Line ends inside the record. */
  private breaks = 0;
  private skipping = false;
  private skippedCr = false;

  constructor(dialect: ScanDialect, capacity: number, expected: number, handler: RecordHandler) {
    this.handler = handler;
    this.expected = expected;
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.delimiter = new TextEncoder().encode(dialect.delimiter);
    this.quote = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0);
    this.collapse = dialect.delimiter === ' ';
    this.spaced = dialect.spaced === true && this.quote >= 0 && !this.collapse;
    this.special[LF] = this.special[CR] = this.special[this.delimiter[0]] = 1;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += MAX_CHUNK) {
      const piece = chunk.subarray(at, at + MAX_CHUNK);
      this.makeRoom(piece.length);
      this.buf.set(piece, this.end);
      this.end += piece.length;
      this.scan(false);
    }
  }

  /** Moves what is left to the front, with room for a piece, and once more as much for fields with doubled quotes. */
  private makeRoom(bytes: number): void {
    const rest = this.buf.subarray(this.begin, this.end);
    const needed = 2 * (rest.length + bytes) + 64;
    if (needed > this.buf.length) {
      const larger = new Uint8Array(needed + (needed >> 2));
      larger.set(rest);
      this.buf = larger;
    } else if (this.begin > 0) this.buf.copyWithin(0, this.begin, this.end);
    this.end = rest.length;
    this.begin = 0;
  }

  finish(): void {
    this.scan(true);
    this.begin = this.end = 0;
  }

  /** The bytes of the record, or of one field, as text. */
  text(from = this.recordStart, to = this.recordEnd): string {
    return Buffer.from(this.buf.buffer, from, to - from).toString('utf8');
  }

  /** Bytes of the record for a closer look; shares the buffer. */
  recordBytes(): Buffer {
    return Buffer.from(this.buf.buffer, this.recordStart, this.recordEnd - this.recordStart);
  }

  /** Whether the record's bytes cannot be text: invalid UTF-8, NUL, or bytes that the encoding does not know. */
  badlyEncoded(): boolean {
    const bytes = this.recordBytes();
    return !isUtf8(bytes) || bytes.includes(0) || (this.replaced && bytes.includes(replacement));
  }

  /** Consumes all whole records of the buffer; with `final` the rest as well. */
  private scan(final: boolean): void {
    const { buf, handler, end } = this;
    buf[end] = LF; // Sentinel: an unquoted field ends here at the latest.
    const fresh = Buffer.from(buf.buffer, this.begin, end - this.begin);
    this.suspicious = !isUtf8(fresh) || fresh.includes(0) || (this.replaced && fresh.includes(replacement));
    this.skip(final);
    while (this.begin < end) {
      const stop = this.split(final);
      if (stop === INCOMPLETE && end - this.begin <= MAX_RECORD) return;
      if (stop < 0 || stop - this.begin > MAX_RECORD || (this.breaks > 0 && !this.mayBreak(stop))) {
        if (!this.reportBroken(final)) return;
        continue;
      }
      // A line with nothing on it is no record.
      if (stop > this.begin) {
        this.recordStart = this.begin;
        this.recordEnd = stop;
        handler.record(this);
      }
      this.line += 1 + this.breaks;
      this.begin = after(buf, stop, end);
    }
  }

  /** Whether a record over several lines is one. */
  private mayBreak(stop: number): boolean {
    if (this.expected > 0 && this.count !== this.expected) return false;
    this.recordStart = this.begin;
    this.recordEnd = stop;
    return this.handler.accepts?.(this) ?? true;
  }

  /**
   * Finds the fields of the record at `begin`. Returns the position of its line end (or the end of the bytes),
   * INCOMPLETE where more bytes are needed, or BROKEN where a quote is not closed as it should be.
   */
  private split(final: boolean): number {
    const { buf, special, starts, ends, delimiter, quote, collapse, spaced, end } = this;
    const capacity = starts.length;
    const extra = delimiter.length - 1;
    let p = this.begin;
    let n = 0;
    let spare = end + 1;
    this.breaks = 0;
    for (;;) {
      if (collapse) {
        while (buf[p] === SPACE) p++;
        if (n > 0 && (buf[p] === LF || buf[p] === CR)) break;
      }
      if (spaced) {
        p = beforeQuote(buf, p, end, quote);
      }
      let from = p;
      let to: number;
      if (buf[p] === quote && p < end) {
        from++;
        to = from;
        let doubled = 0;
        for (;;) {
          while (buf[to] !== quote && to < end) to++;
          if (to + 1 >= end || buf[to + 1] !== quote) break;
          doubled++;
          to += 2;
        }
        if (to >= end) return final ? BROKEN : INCOMPLETE;
        p = spaced ? skipSpaces(buf, to + 1, end) : to + 1;
        if (p === end && !final) return INCOMPLETE;
        if (buf[p] !== LF && buf[p] !== CR && !startsWith(buf, p, delimiter)) {
          // The end of the bytes may cut a delimiter of several characters.
          return !final && p + extra >= end && buf[p] === delimiter[0] ? INCOMPLETE : BROKEN;
        }
        this.breaks += lineEnds(buf, from, to);
        if (doubled > 0) {
          const start = spare;
          for (let k = from; k < to; k++) {
            buf[spare++] = buf[k];
            if (buf[k] === quote) k++;
          }
          from = start;
          to = spare;
        }
      } else {
        for (;;) {
          while (special[buf[p]] === 0) p++;
          if (extra === 0 || buf[p] === LF || buf[p] === CR || startsWith(buf, p, delimiter)) break;
          if (!final && p + extra >= end) return INCOMPLETE;
          p++;
        }
        to = p;
      }
      if (n < capacity) {
        starts[n] = from;
        ends[n] = to;
      }
      n++;
      if (buf[p] === LF || buf[p] === CR) break;
      p += 1 + extra;
    }
    this.count = n;
    if (final) return p;
    return p === end || (buf[p] === CR && p + 1 === end) ? INCOMPLETE : p;
  }

  /** Reports the first line at `begin` and moves past it; false where the line's end is not there yet. */
  private reportBroken(final: boolean): boolean {
    const { buf, begin, end } = this;
    const stop = lineEnd(buf, begin, end);
    const whole = final || (stop < end && !(buf[stop] === CR && stop + 1 === end));
    const long = stop - begin > MAX_RECORD;
    if (!whole && !long) return false;
    this.count = 0;
    this.recordStart = begin;
    this.recordEnd = stop;
    this.handler.broken(long ? 'too long' : 'bad quoting', this);
    this.begin = stop;
    this.skipping = true;
    this.skip(final);
    return true;
  }

  /** Moves past the end of a line that was reported. */
  private skip(final: boolean): void {
    const { buf, end } = this;
    if (this.skippedCr && this.begin < end) {
      if (buf[this.begin] === LF) this.begin++;
      this.skippedCr = false;
    }
    if (!this.skipping) return;
    const stop = lineEnd(buf, this.begin, end);
    this.begin = after(buf, stop, end);
    if (stop === end) return;
    this.skipping = false;
    this.line++;
    this.skippedCr = !final && buf[stop] === CR && stop + 1 === end;
  }
}

/** Position of the first byte in [p, end) that is no space, or `end`. */
function skipSpaces(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] === SPACE) p++;
  return p;
}

/** Position of a quote behind spaces, or `p` where none follows them. */
function beforeQuote(buf: Uint8Array, p: number, end: number, quote: number): number {
  const ahead = skipSpaces(buf, p, end);
  return ahead < end && buf[ahead] === quote ? ahead : p;
}

/** Position of the first line end in [from, end), or `end`. */
function lineEnd(buf: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && buf[p] !== LF && buf[p] !== CR) p++;
  return p;
}

/** Position after the line end at `p`. */
function after(buf: Uint8Array, p: number, end: number): number {
  if (p >= end) return end;
  return buf[p] === CR && p + 1 < end && buf[p + 1] === LF ? p + 2 : p + 1;
}

/** Number of line ends in [from, to), CRLF counted once. */
function lineEnds(buf: Uint8Array, from: number, to: number): number {
  let n = 0;
  for (let k = from; k < to; k++) {
    if (buf[k] === LF) n++;
    else if (buf[k] === CR && !(k + 1 < to && buf[k + 1] === LF)) n++;
  }
  return n;
}

function startsWith(buf: Uint8Array, p: number, text: Uint8Array): boolean {
  for (let k = 0; k < text.length; k++) if (buf[p + k] !== text[k]) return false;
  return true;
}
