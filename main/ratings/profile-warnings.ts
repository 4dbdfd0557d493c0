/** Warnings of a data set's profile. */
import type { Profile } from '../../shared/imports.ts';
import type { Ratings } from './ratings.ts';

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** What one should know before training, each with its figure. Counts are sorted or not alike. */
export function warningsOf(
  ratings: Ratings,
  userCounts: Uint32Array,
  itemCounts: Uint32Array,
  profile: Profile,
  timeKind: 'time' | 'order' | 'none',
): Profile['warnings'] {
  const warnings: Profile['warnings'] = [];
  const fewUsers = below(userCounts, 5) / Math.max(1, userCounts.length);
  if (fewUsers > 0.3) {
    warnings.push({
      code: 'few-per-user',
      title: `${percent(fewUsers)} of users have fewer than 5 ratings`,
      text: 'Little can be learned of them. A k-core of 5 leaves them out.',
    });
  }
  const fewItems = below(itemCounts, 5) / Math.max(1, itemCounts.length);
  if (fewItems > 0.3) {
    warnings.push({
      code: 'few-per-item',
      title: `${percent(fewItems)} of items have fewer than 5 ratings`,
      text: 'Models can hardly rank them. A k-core of 5 leaves them out.',
    });
  }
  if (profile.topTenthShare > 0.6) {
    warnings.push({
      code: 'long-tail',
      title: `The top 10 % of items take ${percent(profile.topTenthShare)} of the ratings`,
      text: 'Popularity is a strong baseline here; look at coverage and novelty beside accuracy.',
    });
  }
  if (timeKind === 'none') {
    warnings.push({
      code: 'no-time',
      title: 'There is no time',
      text: 'Within a user, rows count in the order of the file: leave-last-out and sequence models lean on that order.',
    });
  }
  const tied = ratings.time ? tiedUsers(ratings) : 0;
  if (tied > 0.2) {
    warnings.push({
      code: 'tied-times',
      title: `${percent(tied)} of users have several ratings at their latest time`,
      text: 'Which of them is the last is settled by row order.',
    });
  }
  if (!ratings.implicit && profile.values.length === 1) {
    warnings.push({
      code: 'one-value',
      title: 'Every rating has the same value',
      text: 'There is nothing to predict; import it as implicit, and use ranking models.',
    });
  }
  return warnings;
}

function below(counts: Uint32Array, limit: number): number {
  let n = 0;
  for (const count of counts) if (count < limit) n++;
  return n;
}

/** Share of users whose two latest ratings have one time. */
function tiedUsers(ratings: Ratings): number {
  const time = ratings.time as Float64Array;
  let tied = 0;
  for (let u = 0; u < ratings.userCount; u++) {
    const end = ratings.start[u + 1];
    if (end - ratings.start[u] > 1 && time[end - 1] === time[end - 2]) tied++;
  }
  return tied / Math.max(1, ratings.userCount);
}
