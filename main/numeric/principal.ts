import { Random } from './random.ts';

const MOST_ROUNDS = 100;
const TOLERANCE = 1e-6;

export interface Plane {
  /** [rows, 2] row-major: each row on the first two principal axes. */
  readonly points: Float32Array;
  /** Shares of the whole variance that the two axes hold. */
  readonly explained: readonly [number, number];
}

/**
 * The first two principal components of a table [rows, k], its columns centred, by power iteration on their covariance.
 * Deterministic; an axis points where its largest part is above 0.
 */
export function principalPlane(table: Float32Array, k: number): Plane {
  const rows = table.length / k;
  const mean = new Float64Array(k);
  for (let at = 0; at < table.length; at++) mean[at % k] += table[at];
  for (let c = 0; c < k; c++) mean[c] /= Math.max(1, rows);
  const covariance = new Float64Array(k * k);
  const centred = new Float64Array(k);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < k; c++) centred[c] = table[r * k + c] - mean[c];
    for (let a = 0; a < k; a++) for (let b = 0; b <= a; b++) covariance[a * k + b] += centred[a] * centred[b];
  }
  let total = 0;
  for (let a = 0; a < k; a++) {
    total += covariance[a * k + a];
    for (let b = 0; b < a; b++) covariance[b * k + a] = covariance[a * k + b];
  }
  const first = axisOf(covariance, k, null, total);
  const second = axisOf(covariance, k, first.axis, total);
  const points = new Float32Array(rows * 2);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < k; c++) {
      const value = table[r * k + c] - mean[c];
      points[r * 2] += value * first.axis[c];
      points[r * 2 + 1] += value * second.axis[c];
    }
  const share = (value: number): number => (total > 0 ? value / total : 0);
  return { points, explained: [share(first.value), share(second.value)] };
}

/** The axis of most variance, at right angles to another one; zeros where there is none beyond rounding. */
function axisOf(
  covariance: Float64Array,
  k: number,
  other: Float64Array | null,
  total: number,
): { axis: Float64Array; value: number } {
  const random = new Random(1, 'init');
  let axis = unit(apart(Float64Array.from(random.fillNormal(new Float32Array(k), 1)), other));
  let value = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = new Float64Array(k);
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) next[a] += covariance[a * k + b] * axis[b];
    const turned = apart(next, other);
    const length = Math.hypot(...turned);
    if (length <= total * 1e-12) return { axis: new Float64Array(k), value: 0 };
    axis = unit(turned);
    const settled = Math.abs(length - value) <= TOLERANCE * length;
    value = length;
    if (settled && round > 5) break;
  }
  const largest = axis.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return { axis: largest < 0 ? axis.map((x) => -x) : axis, value };
}

function apart(vector: Float64Array, other: Float64Array | null): Float64Array {
  if (!other) return vector;
  const along = vector.reduce((sum, x, c) => sum + x * other[c], 0);
  return vector.map((x, c) => x - along * other[c]);
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((x) => x / length) : vector;
}
