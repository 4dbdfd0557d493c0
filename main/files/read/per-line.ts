/** One user a line: the user and then his items. Every item is a record, an interaction of value 1. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { PerLinePlan, Plan } from '../sniff/plan.ts';
import { trimId } from '../text/ids.ts';
import { MAX_RECORD, RecordScanner } from '../text/scan.ts';
import { brokenReject } from './checks.ts';
import type { RatingReader } from './rating-reader.ts';

/** A record of the largest size holds no more fields. */
const MOST_FIELDS = MAX_RECORD / 2 + 1;

/** A line that cannot be read counts as one record. */
export function perLineReader(plan: Plan, perLine: PerLinePlan, builder: RatingBuilder): RatingReader {
  const { inner, countFirst } = perLine;
  let row = 0;
  const scanner = new RecordScanner(plan, MOST_FIELDS, 0, {
    record(s) {
      if (s.line <= plan.headerLine) return;
      row++;
      const fail = (
        kind: 'bad encoding' | 'empty id' | 'missing column',
        found: string,
        expected: string,
      ): void => {
        builder.read++;
        builder.reject({ line: s.line, kind, found, expected, text: s.text() });
      };
      if (s.suspicious && s.badlyEncoded()) {
        builder.read++;
        builder.reject(brokenReject('bad encoding', s.line, s.text(), plan.encoding));
        return;
      }
      const first = trimId(s.text(s.starts[0], s.ends[0]));
      const user = countFirst ? String(row) : first;
      const items: string[] = [];
      for (let k = 1; k < s.count; k++) {
        const field = s.text(s.starts[k], s.ends[k]);
        if (inner === null) items.push(trimId(field));
        else items.push(...field.split(inner).map(trimId));
      }
      if (items.every((item) => item === '')) {
        if (user === '') {
          builder.read++;
          builder.filtered++;
        } else fail('missing column', 'a user alone', 'a user and one item or more');
        return;
      }
      if (user === '') {
        fail('empty id', '', 'a user id');
        return;
      }
      for (const item of items) {
        builder.read++;
        if (item === '') builder.filtered++;
        else if (!builder.addText(user, item, 1, builder.read)) {
          const expected = 'one record for each user and item';
          builder.reject({
            line: s.line,
            kind: 'duplicate',
            found: `${user}, ${item}`,
            expected,
            text: s.text(),
          });
        }
      }
    },
    broken(kind, s) {
      if (s.line <= plan.headerLine) return;
      row++;
      builder.read++;
      builder.reject(brokenReject(kind, s.line, s.text(), plan.encoding));
    },
  });
  scanner.replaced = plan.encoding !== 'utf-8';
  return { push: (chunk) => scanner.push(chunk), finish: () => scanner.finish() };
}
