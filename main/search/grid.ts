import type { Dimension, SearchSpace } from '../../shared/search.ts';
import { fromUnit, isActive, type Point } from './space.ts';

/**
 * Every combination, the last dimension fastest; a dimension whose condition does not hold multiplies nothing.
 * @param steps values of a number, ends included; whole numbers give as many as there are
 */
export function* gridPoints(space: SearchSpace, steps: number, before: Point = {}): Generator<Point> {
  const [dimension, ...rest] = space;
  if (!dimension) yield before;
  else if (!isActive(dimension, before)) yield* gridPoints(rest, steps, before);
  else
    for (const value of valuesOf(dimension, steps))
      yield* gridPoints(rest, steps, { ...before, [dimension.name]: value });
}

function valuesOf(dimension: Dimension, steps: number): Point[string][] {
  if (dimension.kind === 'choice') return dimension.values;
  const places = Array.from({ length: steps }, (_, k) => (steps === 1 ? 0.5 : k / (steps - 1)));
  return [...new Set(places.map((place) => fromUnit(dimension, place)))];
}
