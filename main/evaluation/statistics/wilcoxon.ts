import { twoSidedP } from '../../numeric/normal.ts';

export interface WilcoxonResult {
  /** The two-sided p value. */
  readonly pValue: number;
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number;
  /** 1 where it is above its mean under the null hypothesis, −1 below, 0 on it. */
  readonly sign: number;
  /** Differences that are not zero. */
  readonly count: number;
  readonly exact: boolean;
}

/** Up to so many differences the distribution is counted, not approximated. */
const EXACT_LIMIT = 50;
/** Differences within half of this are one value: sums of shares differ in the last bits where they should not. */
const RESOLUTION = 1e-12;

/**
 * Wilcoxon signed-rank test of paired differences (Wilcoxon 1945), ties by mid-ranks. Zeros are dropped; with
 * `pratt` they are ranked first and dropped then (Pratt 1959).
 * Over the 2ⁿ equally likely signs the sum of positive ranks has mean Σr ÷ 2 and variance Σr² ÷ 4, ties included;
 * for up to 50 differences its distribution is counted exactly.
 */
export function wilcoxon(differences: Float64Array, options: { pratt?: boolean } = {}): WilcoxonResult {
  const positive = magnitudes(differences, 1);
  const negative = magnitudes(differences, -1);
  const count = positive.length + negative.length;
  if (count === 0) return { pValue: 1, statistic: 0, sign: 0, count, exact: true };
  const zeros = options.pratt ? differences.length - count : 0;

  // Both sides are sorted: walk them together, a block of equal magnitudes at a time.
  let [statistic, sum, squares] = [0, 0, 0];
  const ranks: number[] = [];
  for (let p = 0, n = 0; p < positive.length || n < negative.length;) {
    const magnitude = Math.min(positive[p] ?? Infinity, negative[n] ?? Infinity);
    const first = p + n;
    const before = p;
    while (p < positive.length && positive[p] === magnitude) p++;
    while (n < negative.length && negative[n] === magnitude) n++;
    const tied = p + n - first;
    const rank = zeros + first + (tied + 1) / 2;
    statistic += rank * (p - before);
    sum += rank * tied;
    squares += rank * rank * tied;
    if (count <= EXACT_LIMIT) for (let k = 0; k < tied; k++) ranks.push(rank);
  }
  const sign = Math.sign(statistic - sum / 2);
  if (count <= EXACT_LIMIT) return { pValue: exactP(ranks, statistic), statistic, sign, count, exact: true };
  const pValue = twoSidedP((statistic - sum / 2) / Math.sqrt(squares / 4));
  return { pValue, statistic, sign, count, exact: false };
}

/** Ascending magnitudes, in steps of the resolution, of the differences of one sign. */
function magnitudes(differences: Float64Array, sign: 1 | -1): Float64Array {
  const found = new Float64Array(differences.length);
  let count = 0;
  for (const difference of differences) {
    const steps = Math.round((sign * difference) / RESOLUTION);
    if (steps > 0) found[count++] = steps;
  }
  return found.subarray(0, count).sort();
}

/** Two-sided chance of a rank sum as far from its mean; ranks are whole or half numbers. */
function exactP(ranks: readonly number[], statistic: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const total = doubled.reduce((a, b) => a + b, 0);
  const chance = new Float64Array(total + 1);
  chance[0] = 1;
  for (const rank of doubled)
    for (let sum = total; sum >= 0; sum--)
      chance[sum] = chance[sum] / 2 + (sum >= rank ? chance[sum - rank] / 2 : 0);
  const distance = Math.abs(2 * statistic - total / 2);
  let p = 0;
  for (let sum = 0; sum <= total; sum++) if (Math.abs(sum - total / 2) >= distance - 1e-9) p += chance[sum];
  return Math.min(1, p);
}
