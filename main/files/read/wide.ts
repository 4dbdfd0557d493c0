/** A users × items matrix: every cell of an item column is a record. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { Plan, WidePlan } from '../sniff/plan.ts';
import { numberOf } from '../sniff/values.ts';
import { trimId } from '../text/ids.ts';
import { parseNumber } from '../text/numbers.ts';
import { RecordScanner } from '../text/scan.ts';
import type { BrokenKind, RecordHandler } from '../text/scan.ts';
import type { Reject } from '../types.ts';
import { brokenReject, columnLabel, wrongCount } from './checks.ts';
import { allEmpty, isEmpty } from './delimited.ts';
import { RareValues } from './rare.ts';
import type { RatingReader } from './rating-reader.ts';

/** What data frames write for a cell without a value. */
const isNothing = (text: string): boolean => /^\s*(na|n\/a|<na>|nan|null|none)\s*$/i.test(text);

export function wideReader(plan: Plan, wide: WidePlan, builder: RatingBuilder): RatingReader {
  const handler = new WideRatings(plan, wide, builder);
  const scanner = new RecordScanner(plan, plan.columnCount + 1, plan.columnCount, handler);
  scanner.replaced = plan.encoding !== 'utf-8';
  return {
    push: (chunk) => scanner.push(chunk),
    finish() {
      scanner.finish();
      builder.count('zero cells', handler.zeros);
      builder.count('cells of nothing', handler.words);
    },
  };
}

class WideRatings implements RecordHandler {
  private readonly plan: Plan;
  private readonly wide: WidePlan;
  private readonly builder: RatingBuilder;
  private readonly missingValue: number;
  private readonly mark: number;
  private readonly rare: RareValues | null;
  /** Cells of 0, and cells of the words that data frames write for nothing. */
  zeros = 0;
  words = 0;
  private row = 0;

  constructor(plan: Plan, wide: WidePlan, builder: RatingBuilder) {
    this.plan = plan;
    this.wide = wide;
    this.builder = builder;
    this.missingValue = wide.missing === null ? NaN : numberOf(wide.missing, plan.decimal);
    this.mark = plan.decimal.charCodeAt(0);
    this.rare = plan.thousands !== '' ? RareValues.of(plan, builder) : null;
  }

  record(s: RecordScanner): void {
    if (s.line <= this.plan.headerLine) return;
    const { builder, plan, wide } = this;
    const { buf, starts, ends } = s;
    const { itemColumns, itemIds, userColumn } = wide;
    this.row++;
    if (s.suspicious && s.badlyEncoded()) {
      this.rejectRow(brokenReject('bad encoding', s.line, s.text(), plan.encoding));
      return;
    }
    if (s.count !== plan.columnCount && allEmpty(s)) {
      builder.read += itemColumns.length;
      builder.filtered += itemColumns.length;
      return;
    }
    if (s.count !== plan.columnCount) {
      this.rejectRow({ line: s.line, ...wrongCount(s.count, plan.columnCount), text: s.text() });
      return;
    }
    const user = userColumn < 0 ? String(this.row) : s.text(starts[userColumn], ends[userColumn]);
    const anonymous = trimId(user) === '';
    for (let k = 0; k < itemColumns.length; k++) {
      const at = itemColumns[k];
      const from = starts[at];
      const to = ends[at];
      builder.read++;
      if (isEmpty(buf, from, to)) {
        builder.filtered++;
        continue;
      }
      let value = parseNumber(buf, from, to, this.mark);
      if (this.rare !== null && Number.isNaN(value)) value = this.rare.read(s.text(from, to));
      if (value === this.missingValue || (Number.isNaN(value) && s.text(from, to).trim() === wide.missing)) {
        builder.filtered++;
        continue;
      }
      if (Number.isNaN(value) && isNothing(s.text(from, to))) {
        this.words++;
        builder.filtered++;
        continue;
      }
      if (value === 0) this.zeros++;
      if (Number.isNaN(value)) this.rejectCell(s, at, 'not a number', 'a number');
      else if (anonymous) this.rejectCell(s, userColumn, 'empty id', 'a user id');
      else if (!builder.inScale(value)) this.rejectCell(s, at, 'out of scale', builder.scaleText);
      else if (!builder.addText(user, itemIds[k], value, builder.read)) {
        this.rejectCell(s, at, 'duplicate', 'one row for each user');
      }
    }
  }

  broken(kind: BrokenKind, s: RecordScanner): void {
    if (s.line <= this.plan.headerLine) return;
    this.row++;
    this.rejectRow(brokenReject(kind, s.line, s.text(), this.plan.encoding));
  }

  /** A row that cannot be split loses all its cells. */
  private rejectRow(reject: Omit<Reject, 'records'>): void {
    const cells = this.wide.itemColumns.length;
    this.builder.read += cells;
    this.builder.reject(reject, cells);
  }

  private rejectCell(s: RecordScanner, at: number, kind: Reject['kind'], expected: string): void {
    const found = s.text(s.starts[at], s.ends[at]);
    const column = columnLabel(this.plan, at);
    this.builder.reject({ line: s.line, kind, column, found, expected, text: s.text() });
  }
}
