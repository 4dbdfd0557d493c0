/** What the engine took for what, as the steps of the wizard show it. */
import type { ImportOutcome, Interpretation } from '../../shared/imports.ts';
import { date } from '../lib/format.ts';

const weights: readonly Interpretation['weight'][] = ['asked', 'doubted', 'told'];

/** What is to be decided first, then what is doubtful; of each the most rows first. */
export function inOrder(list: readonly Interpretation[]): Interpretation[] {
  const rank = ({ weight }: Interpretation): number => weights.indexOf(weight);
  return list.toSorted((a, b) => rank(a) - rank(b) || b.rows - a.rows);
}

const day = 86_400_000;
/** Ratings are hardly older than the web. */
const earliest = Date.UTC(1990, 0);

/**
 * The scale and the time span as a person reads them, and what speaks against either.
 * @param now milliseconds since 1970
 */
export function readingOf(
  { ratingRange, timeSpan }: Pick<ImportOutcome, 'ratingRange' | 'timeSpan'>,
  now: number,
): { text: string; doubts: string[] } {
  const scale = ratingRange
    ? `Ratings from ${ratingRange.minimum} to ${ratingRange.maximum}`
    : 'Every row is a positive';
  const dates = timeSpan && [date(timeSpan.first), date(timeSpan.last)];
  const times = dates ? `times from ${dates[0]} to ${dates[1]}` : 'no times';
  const doubts: string[] = [];
  if (ratingRange && ratingRange.maximum > 1e8)
    doubts.push('These ratings are as large as times: is the rating column right?');
  if (ratingRange && ratingRange.minimum === ratingRange.maximum)
    doubts.push(`Every rating is ${ratingRange.minimum}: is the rating column right?`);
  if (timeSpan && timeSpan.last > now + day)
    doubts.push('The last time is in the future: are the time column and its unit right?');
  if (timeSpan && timeSpan.first < earliest)
    doubts.push(`The first time is before 1990: are the time column and its unit right?`);
  return { text: `${scale}; ${times}.`, doubts };
}

/** Those that a person should look at. */
export function doubtsOf(interpretations: readonly Interpretation[] = []): Interpretation[] {
  return interpretations.filter(({ weight }) => weight !== 'told');
}
