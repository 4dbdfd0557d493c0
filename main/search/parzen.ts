/** Kernel densities over the unit cube, one kernel a trial and one for all of it: what TPE compares. */
import type { Dimension, SearchSpace } from '../../shared/search.ts';
import { twoSidedP } from '../numeric/normal.ts';
import type { Random } from '../numeric/random.ts';
import { fromUnit, stretchOf, toUnit, type Point } from './space.ts';

const LOG_ROOT_2_PI = Math.log(2 * Math.PI) / 2;

/** Of one dimension, an entry a kernel, the prior last. */
type Kernels =
  | {
      readonly kind: 'number';
      readonly centre: readonly number[];
      readonly width: readonly number[];
      /** ln of the share of the normal that lies within [0, 1]. */
      readonly inside: readonly number[];
    }
  | { readonly kind: 'choice'; readonly chances: readonly (readonly number[])[] };

export interface Density {
  /** Weights of the kernels; they sum to 1. */
  readonly weights: readonly number[];
  /** In the order of the space. */
  readonly kernels: readonly Kernels[];
}

/**
 * A mixture of products (Bergstra et al. 2011, §4, with joint kernels): truncated normals for numbers, as wide as the
 * further of two neighbours is away, but no narrower than 1 / (n + 2) or, in fewer than four dimensions, where n points
 * lie closer, 1 / (4 n / dimensions + 2), and 1 / 100; for choices the one that was taken, mixed with
 * all. The prior is one more kernel over all of the space.
 * @param points each with a value of every dimension of the space
 * @param of weights of the points' kernels, against 1 of the prior
 */
export function densityOf(
  space: SearchSpace,
  points: readonly Point[],
  of: readonly number[] = points.map(() => 1),
): Density {
  const kernels = points.length + 1;
  const weights = [...of, 1];
  const total = weights.reduce((a, b) => a + b, 0);
  return {
    weights: weights.map((weight) => weight / total),
    kernels: space.map((dimension): Kernels => {
      if (dimension.kind === 'choice') {
        const { values } = dimension;
        const chances = points.map((point) => {
          const taken = values.indexOf(point[dimension.name]);
          const scale = 1 + values.length / kernels;
          return values.map((_, k) => ((k === taken ? 1 : 0) + 1 / kernels) / scale);
        });
        return { kind: 'choice', chances: [...chances, values.map(() => 1 / values.length)] };
      }
      const places = points.map((point) => toUnit(dimension, point[dimension.name]));
      const [centre, width] = [
        [...places, 0.5],
        [...widths(places, space.length), 1],
      ];
      const inside = centre.map((c, k) => Math.log(normalMass(-c / width[k], (1 - c) / width[k])));
      return { kind: 'number', centre, width, inside };
    }),
  };
}

function widths(centres: readonly number[], dimensions: number): number[] {
  const n = centres.length;
  const narrowest = 1 / Math.min(100, Math.max(1, 4 / dimensions) * n + 2);
  const order = centres.map((_, k) => k).sort((a, b) => centres[a] - centres[b] || a - b);
  const found = new Array<number>(n);
  order.forEach((k, place) => {
    const before = place > 0 ? centres[order[place - 1]] : 0;
    const after = place + 1 < n ? centres[order[place + 1]] : 1;
    let width = Math.max(centres[k] - before, after - centres[k]);
    // The outermost look at their one neighbour, not at the end of the space.
    if (n > 1 && place === 0) width = after - centres[k];
    if (n > 1 && place === n - 1) width = centres[k] - before;
    found[k] = Math.min(1, Math.max(narrowest, width));
  });
  return found;
}

/** A point of the density. */
export function drawFrom(space: SearchSpace, { weights, kernels }: Density, random: Random): Point {
  const kernel = drawIndex(weights, random);
  const point: Point = {};
  space.forEach((dimension, d) => {
    const of = kernels[d];
    const unit =
      of.kind === 'choice'
        ? (drawIndex(of.chances[kernel], random) + 0.5) / of.chances[kernel].length
        : drawTruncated(of.centre[kernel], of.width[kernel], random);
    point[dimension.name] = fromUnit(dimension, unit);
  });
  return point;
}

function drawIndex(chances: readonly number[], random: Random): number {
  let rest = random.next();
  const found = chances.findIndex((chance) => (rest -= chance) < 0);
  return found < 0 ? chances.length - 1 : found;
}

/** Normal within [0, 1]; its centre lies there and its width is at most 1, so that a third of the draws hold. */
function drawTruncated(centre: number, width: number, random: Random): number {
  for (;;) {
    const unit = centre + width * random.normal();
    if (unit >= 0 && unit <= 1) return unit;
  }
}

/** ln of the density at a point (of whole numbers and choices: of their chance). */
export function logDensity(space: SearchSpace, { weights, kernels }: Density, point: Point): number {
  const terms = weights.map(Math.log);
  space.forEach((dimension, d) => {
    const ofKernel = logKernel(dimension, kernels[d], point[dimension.name]);
    for (let k = 0; k < terms.length; k++) terms[k] += ofKernel(k);
  });
  let most = -Infinity;
  for (const term of terms) most = Math.max(most, term);
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - most);
  return most + Math.log(sum);
}

/** ln of each kernel of a dimension at a value. */
function logKernel(dimension: Dimension, of: Kernels, value: Point[string]): (kernel: number) => number {
  if (of.kind === 'choice') {
    const taken = dimension.kind === 'choice' ? dimension.values.indexOf(value) : -1;
    return (k) => Math.log(of.chances[k][taken]);
  }
  const { centre, width, inside } = of;
  if (dimension.kind === 'number' && dimension.integer) {
    const [from, to] = stretchOf(dimension, Number(value));
    return (k) =>
      Math.log(normalMass((from - centre[k]) / width[k], (to - centre[k]) / width[k])) - inside[k];
  }
  const unit = toUnit(dimension, value);
  return (k) => {
    const z = (unit - centre[k]) / width[k];
    return -(z * z) / 2 - Math.log(width[k]) - LOG_ROOT_2_PI - inside[k];
  };
}

/** P(from ≤ Z ≤ to) of a standard normal, by the tails on one side where both ends are there: they keep their digits. */
function normalMass(from: number, to: number): number {
  const tail = (z: number): number => twoSidedP(z) / 2;
  if (from > 0) return tail(from) - tail(to);
  return to < 0 ? tail(to) - tail(from) : 1 - tail(from) - tail(to);
}
