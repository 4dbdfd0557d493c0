/** Student's t distribution, by the regularised incomplete beta function. */

/** Below this a quotient of the continued fraction counts as zero, and above this it has converged. */
const TINY = 1e-300;
const PRECISION = 1e-15;

/** ln Γ(x) for x > 0 (Lanczos approximation, g = 7, nine terms; relative error below 1e-14). */
export function logGamma(x: number): number {
  const terms = [
    0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const series = terms.reduce((sum, term, k) => sum + (k === 0 ? term : term / (x - 1 + k)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

/**
 * Regularised incomplete beta function I_x(a, b), a and b > 0, by its continued fraction (Abramowitz & Stegun, 26.5.8)
 * evaluated as Lentz did.
 * @param x 0 … 1
 * @param y 1 − x, given apart so that it keeps its digits where x is near 1
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  // The fraction converges fast on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, b, a, x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  const limit = 200 + 10 * Math.sqrt(a + b);
  let [c, d] = [1, away(1 - ((a + b) * x) / (a + 1)) ** -1];
  let fraction = d;
  for (let m = 1; m <= limit; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const numerator of [even, odd]) {
      d = 1 / away(1 + numerator * d);
      c = away(1 + numerator / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return (front * fraction) / a;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** P(|T| ≥ |t|) of Student's t with `freedom` > 0 degrees of freedom, whole or not. */
export function studentTails(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return 0;
  const square = t * t;
  return incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5, square / (freedom + square));
}

/**
 * t with P(|T| ≥ t) = tails: the half width of a 1 − tails interval in standard errors.
 * @param tails in (0, 1)
 */
export function studentHalfWidth(tails: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentTails(high, freedom) > tails) [low, high] = [high, 2 * high];
  for (let step = 0; step < 100 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, freedom) > tails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
