/** Points of a search space, and their places in the unit cube. */
import type { Parameters } from '../../shared/config.ts';
import type { Dimension, NumberDimension, SearchSpace } from '../../shared/search.ts';
import type { Random } from '../numeric/random.ts';

/** Values by name; dimensions whose condition does not hold are left out. */
export type Point = Parameters;

/** Whether a dimension is there, given those before it. */
export function isActive({ when }: Dimension, point: Point): boolean {
  return !when || (when.name in point && when.values.includes(point[when.name]));
}

/** Uniform in the unit cube: log-uniform on a log scale, each whole number and each choice alike. */
export function randomPoint(space: SearchSpace, random: Random): Point {
  const point: Point = {};
  for (const dimension of space)
    if (isActive(dimension, point)) point[dimension.name] = fromUnit(dimension, random.next());
  return point;
}

/** The value at a place in [0, 1]. A whole number and a choice have a stretch of their own. */
export function fromUnit(dimension: Dimension, unit: number): Point[string] {
  if (dimension.kind === 'choice') {
    const { values } = dimension;
    return values[Math.min(values.length - 1, Math.floor(unit * values.length))];
  }
  // The ends themselves, not what is left of them after logarithms.
  if (unit <= 0) return dimension.low;
  if (unit >= 1) return dimension.high;
  const [low, high] = ends(dimension);
  const at = low + unit * (high - low);
  const value = dimension.scale === 'log' ? Math.exp(at) : at;
  const whole = dimension.integer ? Math.round(value) : value;
  return Math.min(dimension.high, Math.max(dimension.low, whole));
}

/** The place of a value in [0, 1]; a choice stands in the middle of its stretch. */
export function toUnit(dimension: Dimension, value: Point[string]): number {
  if (dimension.kind === 'choice') return (dimension.values.indexOf(value) + 0.5) / dimension.values.length;
  const [low, high] = ends(dimension);
  const at = dimension.scale === 'log' ? Math.log(Number(value)) : Number(value);
  return Math.min(1, Math.max(0, (at - low) / (high - low)));
}

/** The stretch [from, to] of the unit interval whose places become this value of whole numbers. */
export function stretchOf(dimension: NumberDimension, value: number): [number, number] {
  const [low, high] = ends(dimension);
  return [value - 0.5, value + 0.5].map((edge) => {
    const at = dimension.scale === 'log' ? Math.log(edge) : edge;
    return (at - low) / (high - low);
  }) as [number, number];
}

/** Ends on the scale; half a step further out for whole numbers, so that the outer ones get as much as the others. */
function ends({ low, high, scale, integer }: NumberDimension): [number, number] {
  const [from, to] = integer ? [low - 0.5, high + 0.5] : [low, high];
  return scale === 'log' ? [Math.log(from), Math.log(to)] : [from, to];
}

/** Equal for equal points, whatever the order of their names. */
export function pointKey(point: Point): string {
  return JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));
}
