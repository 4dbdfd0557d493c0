/**
 * Ranking metrics of one user as expectations over all orders of tied candidates (McSherry & Najork, ECIR 2008,
 * carried to several relevant items in one tie). Candidates of one score are a level; the order within a level is
 * uniform and independent of other levels, and everything below is exact, not sampled.
 */

/** Candidates of one score among which are positives. */
export interface Level {
  /** Candidates of higher score. */
  readonly above: number;
  /** Candidates of this score, positives included. */
  readonly size: number;
  readonly positives: number;
  /** Positives of higher score. */
  readonly positivesAbove: number;
}

/** Levels with positives, best first, from the ranks of one user's positives (rows from … to − 1). */
export function levelsOf(above: Uint32Array, equal: Uint32Array, from: number, to: number): Level[] {
  if (to - from === 1) {
    return [{ above: above[from], size: equal[from] + 1, positives: 1, positivesAbove: 0 }];
  }
  const order = Array.from({ length: to - from }, (_, k) => from + k).sort((a, b) => above[a] - above[b]);
  const levels: Level[] = [];
  for (let k = 0; k < order.length;) {
    let end = k + 1;
    while (end < order.length && above[order[end]] === above[order[k]]) end++;
    const size = equal[order[k]] + 1;
    levels.push({ above: above[order[k]], size, positives: end - k, positivesAbove: k });
    k = end;
  }
  return levels;
}

/** Prefix sums over places 1 … n that the metrics below share. */
export class PlaceSums {
  /** harmonic[n] = Σ 1 ÷ p, discount[n] = Σ 1 ÷ log₂(p + 1), for p = 1 … n. */
  readonly harmonic: Float64Array;
  readonly discount: Float64Array;

  constructor(places: number) {
    this.harmonic = new Float64Array(places + 1);
    this.discount = new Float64Array(places + 1);
    for (let p = 1; p <= places; p++) {
      this.harmonic[p] = this.harmonic[p - 1] + 1 / p;
      this.discount[p] = this.discount[p - 1] + 1 / Math.log2(p + 1);
    }
  }
}

/** How many of a level's places are among the first k. */
function placesWithin(level: Level, k: number): number {
  return Math.max(0, Math.min(level.size, k - level.above));
}

/** Probability of at least one positive in the first k. Only the first level can decide it. */
export function hitAtK(levels: readonly Level[], k: number): number {
  const { size, positives } = levels[0];
  const within = placesWithin(levels[0], k);
  if (within > size - positives) return 1;
  if (positives === 1) return within / size;
  let none = 1;
  for (let j = 0; j < positives; j++) none *= (size - within - j) / (size - j);
  return 1 - none;
}

/** Expected number of positives in the first k. */
export function hitsAtK(levels: readonly Level[], k: number): number {
  let hits = 0;
  for (const level of levels) hits += (level.positives * placesWithin(level, k)) / level.size;
  return hits;
}

/** Expected NDCG@k: binary gain, the ideal over min(k, positives) places. */
export function ndcgAtK(levels: readonly Level[], positives: number, k: number, sums: PlaceSums): number {
  let gain = 0;
  for (const level of levels) {
    const within = placesWithin(level, k);
    if (within === 0) break;
    const discounts = sums.discount[level.above + within] - sums.discount[level.above];
    gain += (level.positives / level.size) * discounts;
  }
  return gain / sums.discount[Math.min(k, positives)];
}

/**
 * Expected reciprocal place of the first positive, 0 beyond k. It is in the first level, at offset s with probability
 * C(size − s, positives − 1) ÷ C(size, positives).
 */
export function mrrAtK(levels: readonly Level[], k: number): number {
  const { above, size, positives } = levels[0];
  const within = Math.min(placesWithin(levels[0], k), size - positives + 1);
  let chance = positives / size;
  let expected = 0;
  for (let s = 1; s <= within; s++) {
    expected += chance / (above + s);
    chance *= (size - s - positives + 1) / (size - s);
  }
  return expected;
}

/**
 * Expected average precision within the first k places: Σ over hits of precision at their place, ÷ min(k, positives).
 * A positive at offset s of a level has in front of it the positives of higher levels and, of its own level's others,
 * (s − 1)(positives − 1) ÷ (size − 1) on average; the sum over s is closed by the harmonic numbers.
 * k = ∞: over the whole ranking, ÷ positives.
 */
export function averagePrecisionAtK(
  levels: readonly Level[],
  positives: number,
  k: number,
  sums: PlaceSums,
): number {
  let total = 0;
  for (const { above, size, positives: inLevel, positivesAbove } of levels) {
    const within = Math.max(0, Math.min(size, k - above));
    if (within === 0) break;
    const harmonic = sums.harmonic[above + within] - sums.harmonic[above];
    const share = size > 1 ? (inLevel - 1) / (size - 1) : 0;
    total += (inLevel / size) * ((positivesAbove + 1) * harmonic + share * (within - (above + 1) * harmonic));
  }
  return total / Math.min(k, positives);
}

/**
 * Chance that a positive is scored above a candidate that is no positive, ties ½; NaN where there is no such
 * candidate.
 */
export function areaUnderCurve(levels: readonly Level[], positives: number, candidates: number): number {
  const others = candidates - positives;
  let below = 0;
  for (const level of levels) {
    const othersAbove = level.above - level.positivesAbove;
    const othersEqual = level.size - level.positives;
    below += level.positives * (others - othersAbove - othersEqual / 2);
  }
  return others > 0 ? below / (positives * others) : NaN;
}
