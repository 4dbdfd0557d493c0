/** Ratings from records whose fields are strings already (JSON, Parquet, Netflix blocks). */
import type { RatingBuilder } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { numberOf } from '../sniff/values.ts';
import { trimId } from '../text/ids.ts';
import { parseTime } from '../text/numbers.ts';
import type { Reject, RejectKind } from '../types.ts';
import { columnLabel, isDeclared, timeFault } from './checks.ts';
import { RareValues } from './rare.ts';

/** @param present whether the record has a field at a position; absent: all of them */
export type TakeFields = (
  fields: readonly string[],
  line: number,
  text: () => string,
  present?: (at: number) => boolean,
) => void;

const inBounds = (instant: number, { timeBounds: { from, to } }: Plan): boolean =>
  instant >= from && instant <= to;

export function fieldReader(plan: Plan, builder: RatingBuilder, missingRating: string | null): TakeFields {
  const { user, item, rating, time } = plan.columns;
  const declaredValue = missingRating === null ? NaN : numberOf(missingRating, plan.decimal);
  const encoder = new TextEncoder();
  const mark = plan.timeDecimal.charCodeAt(0);
  const rare = RareValues.of(plan, builder);
  const used = [user, item, rating, time].filter((at) => at >= 0);

  return (fields, line, text, present) => {
    builder.read++;
    const reject = (kind: RejectKind, expected: string, at: number): void => {
      const entry: Omit<Reject, 'records'> = { line, kind, found: fields[at], expected, text: text() };
      builder.reject({ ...entry, column: columnLabel(plan, at) });
    };
    if (fields.every((field) => field.trim() === '')) {
      builder.filtered++;
      return;
    }
    const absent = present ? used.find((at) => !present(at)) : undefined;
    if (absent !== undefined) {
      const column = columnLabel(plan, absent);
      const expected = `a field ${column}`;
      builder.reject({
        line,
        kind: 'missing column',
        column,
        found: 'no such field',
        expected,
        text: text(),
      });
      return;
    }
    if (trimId(fields[user]) === '') return reject('empty id', 'a user id', user);
    if (trimId(fields[item]) === '') return reject('empty id', 'an item id', item);
    let value = 1;
    if (rating >= 0) {
      value = numberOf(fields[rating], plan.decimal);
      if (rare && Number.isNaN(value)) value = rare.read(fields[rating]);
      if (isDeclared(fields[rating], value, missingRating, declaredValue)) {
        builder.filtered++;
        return;
      }
      if (Number.isNaN(value)) return reject('not a number', 'a number', rating);
      if (!builder.inScale(value)) return reject('out of scale', builder.scaleText, rating);
    }
    let instant = builder.read;
    if (time >= 0 && plan.timeUnit !== null) {
      const bytes = encoder.encode(fields[time]);
      instant = parseTime(bytes, 0, bytes.length, plan.timeUnit, mark);
      const fault = inBounds(instant, plan) ? null : timeFault(plan, instant);
      if (fault) return reject(fault.kind, fault.expected, time);
    }
    if (!builder.addText(fields[user], fields[item], value, instant)) {
      const found = `${fields[user]}, ${fields[item]}`;
      const expected = 'one record for each user and item';
      builder.reject({ line, kind: 'duplicate', found, expected, text: text() });
    }
  };
}
