/**
 * Tree-structured Parzen estimator (Bergstra et al., Algorithms for hyper-parameter optimization, NeurIPS 2011):
 * candidates are drawn from the density of the best trials, and the one is taken that is likeliest under it against the
 * density of the others. Dimensions under one condition are drawn together.
 */
import type { SearchSpace } from '../../shared/search.ts';
import type { Random } from '../trainer/random.ts';
import { densityOf, drawFrom, logDensity } from './parzen.ts';
import { isActive, pointKey, randomPoint, type Point } from './space.ts';

/** Trials that are drawn at random before densities are. */
const STARTUP = 10;
const CANDIDATES = 24;

export interface Observed {
  readonly point: Point;
  /** Null: runs still, and counts as no good so that its neighbourhood is not tried twice at once. */
  readonly loss: number | null;
  /** How far it was trained: trials that came further are better, whatever their loss. */
  readonly rung: number;
}

/** @param trials in the order in which they began */
export function suggest(space: SearchSpace, trials: readonly Observed[], random: Random): Point {
  const known = trials.filter(({ loss }) => loss !== null);
  if (known.length < STARTUP) return randomPoint(space, random);
  const best = new Set(
    [...known]
      .sort((a, b) => b.rung - a.rung || Number(a.loss) - Number(b.loss))
      .slice(0, Math.min(Math.ceil(0.1 * known.length), 25)),
  );
  const tried = new Set(trials.map(({ point }) => pointKey(point)));
  const groups = [...Map.groupBy(space, ({ when }) => JSON.stringify(when ?? null)).values()];
  const point: Point = {};
  for (const group of groups) {
    if (!isActive(group[0], point)) continue;
    const has = trials.filter((trial) => group.every(({ name }) => name in trial.point));
    const [good, others] = [true, false].map((of) =>
      densityOf(
        group,
        has.filter((trial) => best.has(trial) === of).map((trial) => trial.point),
      ),
    );
    const candidates = Array.from({ length: CANDIDATES }, () => {
      const drawn = drawFrom(group, good, random);
      return { drawn, score: logDensity(group, good, drawn) - logDensity(group, others, drawn) };
    }).sort((a, b) => b.score - a.score);
    // A trial over again tells nothing new: the next best, where the group is all there is to choose.
    const fresh = candidates.find(({ drawn }) => groups.length > 1 || !tried.has(pointKey(drawn)));
    Object.assign(point, (fresh ?? candidates[0]).drawn);
  }
  return point;
}
