/** Rows that were not imported, grouped by reason, with one fix each. */
import type { Accounting, ImportSettings, Reject } from '../../shared/imports.ts';

export interface ProblemGroup {
  id: string;
  title: string;
  rows: number;
  /** Colour slot of its part in the accounting bar. */
  slot: 2 | 4 | 8;
  /** At most five. */
  examples: Reject[];
  found: string;
  /** What it does now; then the one fix, if there is one. */
  now: string;
  fix: { title: string; settings: ImportSettings } | null;
  advice: string;
}

const kinds: Record<string, { title: string; advice: string }> = {
  'missing column': {
    title: 'Too few fields',
    advice: 'Check the delimiter, or fix these lines in the file.',
  },
  'too many columns': {
    title: 'Too many fields',
    advice: 'Check delimiter and quote, or fix these lines in the file.',
  },
  'not a number': {
    title: 'Rating is not a number',
    advice: 'Choose another rating column or decimal mark.',
  },
  'empty id': { title: 'An id is empty', advice: 'A record without an id cannot be used.' },
  'bad quoting': {
    title: 'Quotes do not match',
    advice: 'Choose another quote character, or fix these lines.',
  },
  'bad encoding': { title: 'Text cannot be decoded', advice: 'Choose another encoding.' },
  'other time unit': {
    title: 'Time in another unit',
    advice: 'Bring the column to one unit: seconds and milliseconds cannot be told apart row by row.',
  },
  'bad time': { title: 'Time cannot be read', advice: 'Choose another time column or unit.' },
  'out of scale': {
    title: 'Rating outside the scale',
    advice: 'Widen the scale, or declare the value as missing.',
  },
  duplicate: { title: 'Same user and item again', advice: 'Choose another rule for duplicates.' },
  'too long': { title: 'Record is too long', advice: 'Check the quote character: it may never close.' },
  'bad record': { title: 'Record cannot be read', advice: 'Each line must be one JSON object.' },
};

const shortDate = /^\s*(\d{1,2})[./-](\d{1,2})[./-]\d{4}/;
const yearFirst = /^\s*\d{4}-\d{2}-\d{2}/;

/** The value that most examples share; the first where all differ. */
function commonest(examples: readonly Reject[]): string {
  const times = new Map<string, number>();
  for (const { found } of examples) times.set(found, (times.get(found) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** @param most whether most rows have the problem: then the file as a whole is read wrongly */
function fixOf(
  kind: string,
  examples: readonly Reject[],
  settings: ImportSettings,
  most: boolean,
): ProblemGroup['fix'] {
  const value = commonest(examples);
  switch (kind) {
    case 'not a number':
      if (settings.decimal !== ',' && examples.some((one) => /^\s*-?\d+,\d+\s*$/.test(one.found))) {
        return { title: 'Read “,” as the decimal mark', settings: { decimal: ',' } };
      }
      return settings.missingRating !== value
        ? {
            title: value === '' ? 'Leave out empty ratings as missing' : `Leave out “${value}” as missing`,
            settings: { missingRating: value },
          }
        : null;
    case 'out of scale': {
      const numbers = examples.map((one) => Number(one.found)).filter(Number.isFinite);
      const { minimum = 0, maximum = 0 } = settings.scale ?? {};
      if (numbers.length === 0) return null;
      const scale = { minimum: Math.min(minimum, ...numbers), maximum: Math.max(maximum, ...numbers) };
      return { title: `Widen the scale to ${scale.minimum}–${scale.maximum}`, settings: { scale } };
    }
    case 'bad time':
      if (most && examples.every((one) => shortDate.test(one.found))) {
        const monthFirst = examples.some((one) => Number(shortDate.exec(one.found)?.[2]) > 12);
        if (monthFirst && settings.timeUnit !== 'mdy')
          return { title: 'Read as month, day, year', settings: { timeUnit: 'mdy' } };
        if (!monthFirst && settings.timeUnit !== 'dmy')
          return { title: 'Read as day, month, year', settings: { timeUnit: 'dmy' } };
      }
      if (most && settings.timeUnit !== 'iso' && examples.every((one) => yearFirst.test(one.found)))
        return { title: 'Read as dates, as 1997-09-20', settings: { timeUnit: 'iso' } };
      return {
        title: 'Use the row order as time',
        settings: { noTime: true, timeUnit: 'order', time: undefined },
      };
    case 'bad encoding':
      return { title: 'Read as windows-1252', settings: { encoding: 'windows-1252' } };
    case 'bad quoting':
      return settings.quote === '' ? null : { title: 'Read without quotes', settings: { quote: '' } };
    case 'duplicate':
      return { title: 'Keep the last', settings: { duplicates: 'last' } };
    case 'missing column':
    case 'too many columns':
      return settings.quote === '' || !examples.some((one) => one.text.includes(settings.quote ?? '"'))
        ? null
        : { title: 'Read without quotes', settings: { quote: '' } };
    default:
      return null;
  }
}

const keptOf: Record<string, string> = {
  last: 'Keep the last',
  first: 'Keep the first',
  mean: 'Keep the mean',
  max: 'Keep the highest',
};

/** Largest first. */
export function problemGroups(
  accounting: Accounting,
  rejectKinds: Record<string, number>,
  rejects: readonly Reject[],
  settings: ImportSettings,
): ProblemGroup[] {
  const groups = Object.entries(rejectKinds).flatMap(([kind, rows]): ProblemGroup[] => {
    if (rows === 0) return [];
    const all = rejects.filter((reject) => reject.kind === kind);
    const known = kinds[kind] ?? { title: kind, advice: 'Fix these lines in the file.' };
    const found = [...new Set(all.map((one) => one.found || 'empty'))].slice(0, 3).join(', ');
    return [
      {
        id: kind,
        title: known.title,
        rows,
        slot: 2,
        examples: all.slice(0, 5),
        found,
        now: 'Reject these rows',
        fix: fixOf(kind, all, settings, rows * 2 > accounting.read),
        advice: known.advice,
      },
    ];
  });
  if (accounting.duplicates > 0) {
    groups.push({
      id: 'merged',
      title: 'Same user and item again',
      rows: accounting.duplicates,
      slot: 8,
      examples: [],
      found: 'repeats of an earlier row',
      now: keptOf[settings.duplicates ?? 'last'] ?? 'Keep one',
      fix: null,
      advice: 'See Duplicates, on the right.',
    });
  }
  if (accounting.filtered > 0) {
    groups.push({
      id: 'filtered',
      title: 'Empty or declared missing',
      rows: accounting.filtered,
      slot: 4,
      examples: [],
      found: 'no value',
      now: 'Leave out',
      fix: null,
      advice: 'Records whose every field is empty, and ratings declared missing, are no errors.',
    });
  }
  return groups.sort((a, b) => b.rows - a.rows);
}
