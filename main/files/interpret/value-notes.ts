/** What the whole file tells of its ratings and times: what stood for what, and spans that cannot be. */
import type { Interpretation } from '../../../shared/imports.ts';
import { doubted, told } from '../interpretations.ts';
import { columnName } from '../sniff/doubts.ts';
import type { Plan } from '../sniff/plan.ts';
import { wideZeros } from '../sniff/wide-matrices.ts';
import { wordsRead } from '../sniff/word-values.ts';
import type { Accounting, Dataset, ImportReport } from '../types.ts';

/** @param tally what the readers counted; see `RatingBuilder.count` */
export function valuesRead(
  plan: Plan,
  tally: Readonly<Record<string, number>>,
  { read, filtered }: Accounting,
): Interpretation[] {
  const list: Interpretation[] = [];
  const words = Object.entries(tally).filter(([what]) => what.startsWith('word '));
  if (words.length > 0 && plan.ratingWords) {
    const known = plan.ratingWords;
    const described = words.map(([what, rows]) => {
      const word = what.slice('word '.length);
      return `“${word}” as ${known[word] ?? 'given'} (${rows} records)`;
    });
    const rows = words.reduce((sum, [, count]) => sum + count, 0);
    list.push(wordsRead(columnName(plan.names, plan.columns.rating), described.join(' and '), { rows }));
  }
  const { grouped = 0, wrapped = 0, 'zero cells': zeros = 0, 'cells of nothing': nothing = 0 } = tally;
  if (grouped > 0) {
    const text = `${grouped} ratings are written with a thousands mark (${plan.thousands}) and read as one number.`;
    list.push(told('thousands', text, { rows: grouped }));
  }
  if (wrapped > 0) {
    const text = `${wrapped} lines stand each in one pair of quotes: the pair is left out, and what is inside is the line.`;
    list.push(told('wrapped-lines', text, { rows: wrapped }));
  }
  if (zeros > 0 && plan.wide?.missing === null) list.push(wideZeros(zeros, read - filtered));
  if (nothing > 0) {
    const text = `${nothing} cells hold a word for nothing, such as NA, and are taken as not rated.`;
    list.push(told('cells-of-nothing', text, { rows: nothing }));
  }
  return list;
}

/** What the values of a data set come to, found in one pass over each column. */
export interface Ranges extends Pick<ImportReport, 'ratingRange' | 'timeSpan'> {
  /** Times before 1970, or in it by a day at most. */
  early: number;
  /** Times in the future. */
  late: number;
}

const day = 86_400_000;
/** The first public data of recommenders are from 1995. */
const firstRatings = Date.UTC(1994, 0);

export function rangesOf({ ratings, timeKind }: Dataset, implicit: boolean, now = Date.now()): Ranges {
  const { value, time, minimum, maximum } = ratings;
  const timed = timeKind === 'time' && time !== null && time.length > 0;
  return {
    ratingRange: implicit || value.length === 0 ? null : { minimum, maximum },
    ...(timed ? timesOf(time, now + day) : { timeSpan: null, early: 0, late: 0 }),
  };
}

// The loop goes by index: an iterator over 25 million values takes several times as long.
function timesOf(times: Float64Array, latest: number): Omit<Ranges, 'ratingRange'> {
  let [first, last, early, late] = [Infinity, -Infinity, 0, 0];
  for (let k = 0; k < times.length; k++) {
    const instant = times[k];
    if (instant < first) first = instant;
    if (instant > last) last = instant;
    if (instant < day) early++;
    else if (instant > latest) late++;
  }
  return { timeSpan: { first, last }, early, late };
}

/** Times before the first ratings on computers, or after today: what has no time in it, or another unit. */
export function doubtfulTimes({ early, late, timeSpan }: Ranges, rows: number): Interpretation[] {
  if (timeSpan !== null && early === 0 && timeSpan.last < firstRatings) {
    const [from, to] = [timeSpan.first, timeSpan.last].map((at) => new Date(at).toISOString().slice(0, 10));
    const text =
      `All times are from ${from} to ${to}, before people rated on computers: they may count from another day than ` +
      '1 January 1970, or in another unit. Their order is the same.';
    return [doubted('time-span', text, { rows })];
  }
  if (early + late === 0) return [];
  const parts = [
    ...(early > 0 ? [`${early} at or before 1 January 1970, which often stands for no time`] : []),
    ...(late > 0 ? [`${late} in the future`] : []),
  ];
  const text = `Some times are hardly possible: ${parts.join(', and ')}. Splits by time take them as they stand.`;
  return [doubted('time-span', text, { rows: early + late })];
}
