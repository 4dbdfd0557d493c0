/** One user a line: the user and then his items. Every item is a record, with its rating or as an interaction. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { PerLinePlan, Plan } from '../sniff/plan.ts';
import { ratedItem } from '../sniff/lines-of-users.ts';
import { trimId } from '../text/ids.ts';
import { MAX_RECORD, RecordScanner } from '../text/scan.ts';
import type { RejectKind } from '../types.ts';
import { brokenReject } from './checks.ts';
import type { RatingReader } from './rating-reader.ts';

/** A record of the largest size holds no more fields. */
const MOST_FIELDS = MAX_RECORD / 2 + 1;

/** A line that cannot be read counts as one record. */
export function perLineReader(plan: Plan, perLine: PerLinePlan, builder: RatingBuilder): RatingReader {
  const { inner, countFirst, rated } = perLine;
  let row = 0;
  const scanner = new RecordScanner(plan, MOST_FIELDS, 0, {
    record(s) {
      if (s.line <= plan.headerLine) return;
      row++;
      const fail = (kind: RejectKind, found: string, expected: string): void => {
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
      for (const entry of items) {
        const [, item, rating] = rated ? (ratedItem.exec(entry) ?? []) : [entry, entry, '1'];
        if (entry === '') {
          builder.read++;
          builder.filtered++;
        } else if (item === undefined) fail('not a number', entry, 'an item and its rating, as 104:5');
        else if (!builder.inScale(Number(rating))) fail('out of scale', entry, builder.scaleText);
        else if (!builder.addText(user, item, Number(rating), builder.read + 1))
          fail('duplicate', `${user}, ${item}`, 'one record for each user and item');
        else builder.read++;
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
