/** Ratings from delimited text, one record a rating: the path that must be fast. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { numberOf } from '../sniff/values.ts';
import { parseNumber, parseTime } from '../text/numbers.ts';
import { isEmptyId, trimId } from '../text/ids.ts';
import { RecordScanner } from '../text/scan.ts';
import type { BrokenKind, RecordHandler } from '../text/scan.ts';
import type { RejectKind } from '../types.ts';
import { brokenReject, columnLabel, timeFault, wrongCount } from './checks.ts';
import { RareValues } from './rare.ts';
import type { RatingReader } from './rating-reader.ts';

const SPACE = 32;
const TAB = 9;

/** Whether bytes [from, to) are blanks alone. */
export function isEmpty(buf: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (buf[p] !== SPACE && buf[p] !== TAB) return false;
  return true;
}

/** Whether every field of the scanner's record is empty. */
export function allEmpty(s: RecordScanner): boolean {
  const kept = Math.min(s.count, s.starts.length);
  for (let k = 0; k < kept; k++) if (!isEmpty(s.buf, s.starts[k], s.ends[k])) return false;
  if (s.count <= kept) return true;
  // Fields beyond those kept: the bytes behind the last one must be delimiters, quotes and blanks.
  return !/[\p{L}\p{N}]/u.test(s.text());
}

export function delimitedReader(
  plan: Plan,
  builder: RatingBuilder,
  missingRating: string | null,
): RatingReader & { line(): number } {
  const handler = new DelimitedRatings(plan, builder, missingRating);
  const capacity = Math.max(plan.columnCount, 1) + 1;
  const expected = plan.leastColumns < plan.columnCount ? 0 : plan.columnCount;
  const scanner = new RecordScanner(plan, capacity, expected, handler);
  scanner.replaced = plan.encoding !== 'utf-8';
  return {
    push: (chunk) => scanner.push(chunk),
    finish: () => scanner.finish(),
    // Physical lines passed.
    line: () => scanner.line - 1,
  };
}

class DelimitedRatings implements RecordHandler {
  private readonly plan: Plan;
  private readonly builder: RatingBuilder;
  private readonly missing: string | null;
  private readonly missingValue: number;
  private readonly mark: number;
  private readonly timeMark: number;
  private readonly earliest: number;
  private readonly latest: number;
  private readonly rare: RareValues | null;

  constructor(plan: Plan, builder: RatingBuilder, missingRating: string | null) {
    this.plan = plan;
    this.builder = builder;
    this.missing = missingRating;
    this.missingValue = missingRating === null ? NaN : numberOf(missingRating, plan.decimal);
    this.mark = plan.decimal.charCodeAt(0);
    this.timeMark = plan.timeDecimal.charCodeAt(0);
    this.earliest = plan.timeBounds.from;
    this.latest = plan.timeBounds.to;
    this.rare = RareValues.of(plan, builder);
  }

  record(s: RecordScanner): void {
    if (s.line <= this.plan.headerLine) return;
    const { builder, plan } = this;
    builder.read++;
    if (s.suspicious && s.badlyEncoded()) {
      builder.reject(brokenReject('bad encoding', s.line, s.text(), plan.encoding));
      return;
    }
    const { buf, starts, ends } = s;
    if (s.count > plan.columnCount || s.count < plan.leastColumns) {
      if (allEmpty(s)) builder.filtered++;
      else builder.reject({ line: s.line, ...wrongCount(s.count, plan.columnCount), text: s.text() });
      return;
    }
    const { user, item, rating, time } = plan.columns;
    const userFrom = starts[user];
    const userTo = ends[user];
    const itemFrom = starts[item];
    const itemTo = ends[item];
    if (isEmptyId(buf, userFrom, userTo)) {
      this.emptyId(s, user, 'a user id');
      return;
    }
    if (isEmptyId(buf, itemFrom, itemTo)) {
      this.emptyId(s, item, 'an item id');
      return;
    }
    let value = 1;
    if (rating >= 0) {
      value = parseNumber(buf, starts[rating], ends[rating], this.mark);
      if (this.rare !== null && Number.isNaN(value))
        value = this.rare.read(s.text(starts[rating], ends[rating]));
      if (this.missing !== null && this.isMissing(s, rating, value)) {
        builder.filtered++;
        return;
      }
      if (!builder.inScale(value)) {
        this.badRating(s, rating, value);
        return;
      }
    }
    let instant = builder.read;
    if (time >= 0 && plan.timeUnit !== null) {
      instant = parseTime(buf, starts[time], ends[time], plan.timeUnit, this.timeMark);
      if (!(instant >= this.earliest && instant <= this.latest)) {
        const fault = timeFault(plan, instant);
        if (fault) {
          this.fault(s, time, fault.kind, fault.expected);
          return;
        }
      }
    }
    if (!builder.add(buf, userFrom, userTo, itemFrom, itemTo, value, instant)) {
      const pair = `${s.text(userFrom, userTo)}, ${s.text(itemFrom, itemTo)}`;
      const expected = 'one record for each user and item';
      builder.reject({ line: s.line, kind: 'duplicate', found: pair, expected, text: s.text() });
    }
  }

  /**
   * A line end in free text is common, one in an id may be. But where a line that the quote ran over would be a record
   * by itself, its own quotes in place, the quote is a stray one, and taking it at its word would swallow that record.
   */
  accepts(s: RecordScanner): boolean {
    const { plan } = this;
    const { user, item, rating, time } = plan.columns;
    const broken = [user, item, rating, time].some(
      (at) => at >= 0 && /[\r\n]/.test(s.text(s.starts[at], s.ends[at])),
    );
    if (!broken) return true;
    const [, ...rest] = s.text().split(/\r\n|\n|\r/);
    return !rest.some((line) => this.isRecord(line));
  }

  /** Whether the line has ids and the other fields of a record, each without quotes or within them, inner ones doubled. */
  private isRecord(line: string): boolean {
    const { delimiter, quote, columnCount, columns } = this.plan;
    const fields = line.split(delimiter);
    if (fields.length !== columnCount) return false;
    if (trimId(fields[columns.user]) === '' || trimId(fields[columns.item]) === '') return false;
    const within = (field: string): boolean =>
      field.length > 1 &&
      field.startsWith(quote) &&
      field.endsWith(quote) &&
      !field
        .slice(1, -1)
        .replaceAll(quote + quote, '')
        .includes(quote);
    return fields.every((field) => !field.includes(quote) || within(field));
  }

  broken(kind: BrokenKind, s: RecordScanner): void {
    if (s.line <= this.plan.headerLine) return;
    this.builder.read++;
    this.builder.reject(brokenReject(kind, s.line, s.text(), this.plan.encoding));
  }

  private isMissing(s: RecordScanner, at: number, value: number): boolean {
    return value === this.missingValue || s.text(s.starts[at], s.ends[at]).trim() === this.missing?.trim();
  }

  private emptyId(s: RecordScanner, at: number, expected: string): void {
    if (allEmpty(s)) this.builder.filtered++;
    else this.fault(s, at, 'empty id', expected);
  }

  private badRating(s: RecordScanner, at: number, value: number): void {
    if (Number.isNaN(value)) this.fault(s, at, 'not a number', 'a number');
    else this.fault(s, at, 'out of scale', this.builder.scaleText);
  }

  private fault(s: RecordScanner, at: number, kind: RejectKind, expected: string): void {
    const found = s.text(s.starts[at], s.ends[at]);
    const column = columnLabel(this.plan, at);
    this.builder.reject({ line: s.line, kind, column, found, expected, text: s.text() });
  }
}
