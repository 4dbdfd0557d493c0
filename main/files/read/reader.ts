/** Chooses the reader of a file's format. */
import type { RatingBuilder } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { Unwrapper } from '../text/unwrap.ts';
import { delimitedReader } from './delimited.ts';
import { fieldReader } from './fields.ts';
import { JsonRecords, fieldOf, fieldsOf } from '../formats/json.ts';
import { netflixReader } from './netflix.ts';
import { perLineReader } from './per-line.ts';
import { wideReader } from './wide.ts';
import type { RatingReader } from './rating-reader.ts';

export interface ReaderOptions {
  missingRating: string | null;
}

export function ratingReader(
  plan: Plan,
  builder: RatingBuilder,
  { missingRating }: ReaderOptions,
): RatingReader {
  const reader = lineReader(plan, builder, missingRating);
  return plan.wrapped ? unwrapping(reader, builder) : reader;
}

/** Takes each line out of its pair of quotes before the reader sees it. */
function unwrapping(reader: RatingReader, builder: RatingBuilder): RatingReader {
  const unwrapper = new Unwrapper();
  return {
    push: (chunk) => reader.push(unwrapper.write(chunk)),
    finish() {
      reader.push(unwrapper.end());
      reader.finish();
      builder.count('wrapped', unwrapper.lines);
    },
  };
}

function lineReader(plan: Plan, builder: RatingBuilder, missingRating: string | null): RatingReader {
  if (plan.perLine) return perLineReader(plan, plan.perLine, builder);
  if (plan.wide) return wideReader(plan, plan.wide, builder);
  if (plan.format === 'netflix') return netflixReader(plan, builder, missingRating);
  if (plan.format === 'json' || plan.format === 'jsonl') return jsonReader(plan, builder, missingRating);
  return delimitedReader(plan, builder, missingRating);
}

function jsonReader(plan: Plan, builder: RatingBuilder, missingRating: string | null): RatingReader {
  const take = fieldReader(plan, builder, missingRating);
  const names = plan.names.length > 0 ? plan.names : Array.from({ length: plan.columnCount }, () => '');
  return new JsonRecords(plan.format === 'json' ? 'json' : 'jsonl', {
    record(value, line, text) {
      const fields = fieldsOf(value, names);
      if (fields) {
        take(fields, line, text, presenceOf(value, names));
        return;
      }
      builder.read++;
      builder.reject({
        line,
        kind: 'bad record',
        found: text(),
        expected: 'an object with fields',
        text: text(),
      });
    },
    broken(kind, line, text) {
      builder.read++;
      const expected =
        kind === 'bad encoding' ? 'text in UTF-8' : kind === 'too long' ? 'less than 4 MB' : 'valid JSON';
      builder.reject({ line, kind, found: text, expected, text });
    },
  });
}

/** Whether the record has a field at each position: what is absent is a missing column, not an empty value. */
function presenceOf(value: unknown, names: readonly string[]): (at: number) => boolean {
  if (Array.isArray(value)) return (at) => at < value.length;
  return (at) => fieldOf(value as Record<string, unknown>, names[at]) !== undefined;
}
