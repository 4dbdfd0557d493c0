import type { Scorer } from '../../model/model.ts';
import type { TopLists } from './ranking.ts';

/**
 * Factors score up to a constant of the user: lists of a rating model should show the ratings that it predicts. What
 * was ranked apart stays apart: where the constant takes the bits that told two scores from each other, the lower one
 * goes down by the last of those that are left. Ranks and lists then say the same.
 */
export async function showRatings(scorer: Scorer, { users, start, items, scores }: TopLists): Promise<void> {
  const listed = users.map((_, k) => k).filter((k) => start[k + 1] > start[k]);
  const best = await scorer.predict(
    listed.map((k) => users[k]),
    listed.map((k) => items[start[k]]),
  );
  listed.forEach((k, n) => {
    let ranked = scores[start[k]];
    const constant = best[n] - ranked;
    scores[start[k]] = best[n];
    for (let place = start[k] + 1; place < start[k + 1]; place++) {
      const score = scores[place];
      const above = scores[place - 1];
      scores[place] = score === ranked ? above : Math.min(Math.fround(score + constant), floatBelow(above));
      ranked = score;
    }
  });
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next lower float32 of a finite one. */
function floatBelow(value: number): number {
  float[0] = value;
  if (float[0] === 0) bits[0] = 0x80000001 | 0;
  else bits[0] += float[0] > 0 ? -1 : 1;
  return float[0];
}
