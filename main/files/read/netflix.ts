/** The Netflix Prize's own files: `film:` on a line, then `customer,stars,date` on each of the following. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { RecordScanner } from '../text/scan.ts';
import { brokenReject, wrongCount } from './checks.ts';
import { fieldReader } from './fields.ts';
import type { RatingReader } from './rating-reader.ts';

/** Lines of films are headings, not records. */
export function netflixReader(
  plan: Plan,
  builder: RatingBuilder,
  missingRating: string | null,
): RatingReader {
  const take = fieldReader(plan, builder, missingRating);
  const width = plan.columnCount - 1;
  let film = '';
  const scanner = new RecordScanner({ delimiter: ',', quote: '' }, width + 1, 0, {
    record(s) {
      const text = s.text();
      if (s.count === 1 && /^\d+:\s*$/.test(text)) {
        film = text.trim().slice(0, -1);
        return;
      }
      if (s.suspicious && s.badlyEncoded()) {
        builder.read++;
        builder.reject(brokenReject('bad encoding', s.line, text, plan.encoding));
      } else if (s.count !== width) {
        builder.read++;
        builder.reject({ line: s.line, ...wrongCount(s.count, width), text });
      } else {
        const fields = [film];
        for (let k = 0; k < width; k++) fields.push(s.text(s.starts[k], s.ends[k]));
        take(fields, s.line, () => text);
      }
    },
    broken(kind, s) {
      builder.read++;
      builder.reject(brokenReject(kind, s.line, s.text(), plan.encoding));
    },
  });
  scanner.replaced = plan.encoding !== 'utf-8';
  return { push: (chunk) => scanner.push(chunk), finish: () => scanner.finish() };
}
