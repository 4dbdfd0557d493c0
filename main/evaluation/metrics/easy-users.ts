/** Users whose figures could hardly be other than they are: too few candidates to fail on. */
import type { Ratings } from '../../ratings/ratings.ts';
import type { Ranking } from '../ranking/ranking.ts';

/**
 * Sentences with the share of the users, for a note on a run and in a verdict.
 * - No candidate but the user's test items: every metric is at its best whatever the model.
 * - No more candidates than K: HR@K and Recall@K are 1 whatever the model.
 * - Fewer negatives than the name of the metric says.
 * @param cuts list lengths K
 * @param few `sampled99` or `given99` where candidates are few, else empty
 */
export function easyUserNotes(
  { rows, candidates }: Pick<Ranking, 'rows' | 'candidates'>,
  { start }: Pick<Ratings, 'start'>,
  cuts: readonly number[],
  few: string,
): string[] {
  const wanted = Number(/\d+$/.exec(few)?.[0] ?? 0);
  // [users] the fewest candidates that a test item of the user was ranked among, and the user's test items.
  const least: number[] = [];
  const held: number[] = [];
  for (let k = 0, user = 0, last = -1; k < rows.length; k++) {
    while (rows[k] >= start[user + 1]) user++;
    if (user !== last) [least[least.length], held[held.length]] = [candidates[k], 0];
    last = user;
    least[least.length - 1] = Math.min(least[least.length - 1], candidates[k]);
    held[held.length - 1]++;
  }
  const share = (holds: (count: number, user: number) => boolean): number =>
    least.filter(holds).length / least.length;
  const certain = (count: number, user: number): boolean => count <= (few ? 1 : held[user]);
  const notes: string[] = [];
  const alone = share(certain);
  if (alone > 0)
    notes.push(
      `${percent(alone)} of the users have no candidate but what is to be found: no model can fail on them.`,
    );
  // The longest list that is too long for somebody says enough; shorter ones are named where they are too long too.
  const long = cuts
    .map((k) => ({ k, share: share((count, user) => count <= k && !certain(count, user)) }))
    .filter((cut) => cut.share > 0);
  const widest = long.at(-1);
  if (widest)
    notes.push(
      `${percent(widest.share)} of the users have no more than ${widest.k} candidates: HR@${widest.k} and ` +
        `Recall@${widest.k} are 1 for them whatever the model${long.length > 1 ? ` (@${long[0].k}: ${percent(long[0].share)})` : ''}.`,
    );
  const short = wanted > 0 ? share((count) => count <= wanted) : 0;
  if (short > 0)
    notes.push(
      `${percent(short)} of the users have fewer than ${wanted} negatives: their ranking is easier than ${few} says.`,
    );
  return notes;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
