/** Files with one user a line, then the items: whether a file is one, and how its lines are made. */
import type { Interpretation } from '../../../shared/imports.ts';
import { asked, remedy } from '../interpretations.ts';
import type { ImportOptions } from '../types.ts';
import type { PerLinePlan } from './plan.ts';
import type { Sample } from './take-sample.ts';
import type { SampledRecord } from './sampled-table.ts';

/** Sampled lines that are needed to tell one user a line from other files. */
const FEWEST = 4;

/** An item and its rating. */
export const ratedItem = /^(.*[^:]):([+-]?\d+(?:\.\d+)?)$/;
/** A matrix has its blanks anywhere; a list ends where they begin. */
function hasGap(fields: readonly string[]): boolean {
  const first = fields.indexOf('');
  return first >= 0 && fields.findLastIndex((field) => field !== '') > first;
}

const isId = (text: string): boolean => text.length <= 64 && /^[^\s,;|]+$/.test(text);
const separators = [',', ';', '|', ' '];

/**
 * How the lines of such a file are made; null where it does not look like one. Its lines have different numbers of
 * fields, all of them ids, and no user comes twice.
 */
export function recognisePerLine(records: readonly SampledRecord[]): PerLinePlan | null {
  const lines = records
    .filter((record) => !record.problem)
    .map((record) => record.fields.filter((field) => field !== ''));
  if (lines.length < FEWEST || lines.length < records.length) return null;
  if (records.some(({ fields }) => hasGap(fields))) return null;
  const plan = planPerLine(records);
  const split =
    plan.inner === null
      ? lines
      : lines.map(([user, list]) => [user, ...(list ?? '').split(plan.inner ?? '')]);
  const [users, items] = [split.map((fields) => fields[0]), split.map((fields) => fields.slice(1))];
  if (!plan.countFirst && new Set(users).size < users.length) return null;
  if (!items.flat().every(isId) || !users.every(isId)) return null;
  const counts = new Map<number, number>();
  for (const { length } of items) counts.set(length, (counts.get(length) ?? 0) + 1);
  const common = Math.max(...counts.values());
  return counts.size >= 3 && common <= 0.7 * lines.length ? plan : null;
}

/** How the lines are made where a file is known to have one user each. */
export function planPerLine(records: readonly SampledRecord[]): PerLinePlan {
  const lines = records
    .filter((record) => !record.problem)
    .map((record) => record.fields.filter((field) => field !== ''));
  const inPairs = lines.length > 0 && lines.every((fields) => fields.length <= 2);
  const listed = (separator: string): number =>
    lines.filter((fields) => fields[1]?.includes(separator)).length;
  const inner = inPairs
    ? (separators.find((separator) => listed(separator) * 2 > lines.length) ?? null)
    : null;
  const counted = (fields: readonly string[]): boolean => Number(fields[0]) === fields.length - 1;
  const countFirst =
    inner === null && lines.length >= FEWEST && lines.every((fields) => fields.length > 0 && counted(fields));
  const entries = lines.flatMap(([, ...rest]) => (inner === null ? rest : (rest[0] ?? '').split(inner)));
  const rated = !countFirst && entries.length > 0 && entries.every((entry) => ratedItem.test(entry.trim()));
  return { inner, countFirst, rated };
}

/** How the lines are made of a file that has, or looks as if it had, one user each. */
export function settlePerLine({ format, records }: Sample, options: ImportOptions): PerLinePlan | null {
  if (options.userPerLine) return planPerLine(records);
  const named = options.user !== undefined || options.item !== undefined || options.wide !== undefined;
  return named || format.value !== 'text' ? null : recognisePerLine(records);
}

const option = '--user-per-line';
export const perLineHint = `Import it with ${option}, or name its columns with --user and --item.`;

export function askPerLine({ records, estimatedRecords }: Sample): Interpretation {
  const [first] = records;
  const text = `This looks like one user a line: a user, then a list of items (${first.fields.slice(0, 4).join(', ')} …)${planPerLine(records).rated ? ', each with its rating' : ''}.`;
  const otherwise = [remedy('Read as one user a line', option, { userPerLine: true })];
  return asked('user-per-line', text, { rows: estimatedRecords, sampled: true, otherwise });
}
