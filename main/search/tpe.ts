/**
 * Tree-structured Parzen estimator (Bergstra et al., Algorithms for hyper-parameter optimization, NeurIPS 2011):
 * candidates are drawn from the density of the best trials, and the one is taken that is likeliest under it against the
 * density of the others. Dimensions under one condition are drawn together.
 */
import type { SearchSpace } from '../../shared/search.ts';
import type { Random } from '../numeric/random.ts';
import { densityOf, drawFrom, logDensity } from './parzen.ts';
import { isActive, pointKey, randomPoint, type Point } from './space.ts';

/** Trials that are drawn at random before densities are. */
const STARTUP = 10;
const CANDIDATES = 64;

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
  const ranked = [...known].sort((a, b) => b.rung - a.rung || Number(a.loss) - Number(b.loss));
  const count = Math.min(Math.ceil(0.1 * known.length), 25);
  const gains = gainsOf(ranked, count);
  const tried = new Set(trials.map(({ point }) => pointKey(point)));
  const groups = [...Map.groupBy(space, ({ when }) => JSON.stringify(when ?? null)).values()];
  const point: Point = {};
  for (const group of groups) {
    if (!isActive(group[0], point)) continue;
    const has = trials.filter((trial) => group.every(({ name }) => name in trial.point));
    const best = has.filter((trial) => gains.has(trial));
    const others = has.filter((trial) => !gains.has(trial));
    const good = densityOf(
      group,
      best.map(pointOf),
      best.map((trial) => gains.get(trial) ?? 0),
    );
    const rest = densityOf(group, others.map(pointOf), ageWeights(others.length));
    const candidates = Array.from({ length: CANDIDATES }, () => {
      const drawn = drawFrom(group, good, random);
      return { drawn, score: logDensity(group, good, drawn) - logDensity(group, rest, drawn) };
    }).sort((a, b) => b.score - a.score);
    // A trial over again tells nothing new: the next best, where the group is all there is to choose.
    const fresh = candidates.find(({ drawn }) => groups.length > 1 || !tried.has(pointKey(drawn)));
    Object.assign(point, (fresh ?? candidates[0]).drawn);
  }
  return point;
}

const pointOf = ({ point }: Observed): Point => point;

/**
 * The best trials, each weighed by how much better it is than the first that is none of them (expected improvement, as
 * Song et al., A general recipe for likelihood-free Bayesian optimization, ICML 2022); mean 1. Alike where they were
 * trained unlike far, for then their losses do not compare.
 */
function gainsOf(ranked: readonly Observed[], count: number): Map<Observed, number> {
  const best = ranked.slice(0, count);
  const cut = ranked[count];
  const gains = best.map(({ loss, rung }) => (rung === cut.rung ? Number(cut.loss) - Number(loss) : 0));
  const total = gains.reduce((a, b) => a + b, 0);
  const weighs = best.every(({ rung }) => rung === cut.rung) && total > 0 && Number.isFinite(total);
  return new Map(best.map((trial, k) => [trial, weighs ? (count * gains[k]) / total : 1]));
}

/** The last 25 trials count whole, those before them the less the older they are. */
function ageWeights(count: number): number[] {
  const older = Math.max(0, count - 25);
  return Array.from({ length: count }, (_, k) => {
    if (k >= older || older === 1) return k >= older ? 1 : 1 / count;
    return 1 / count + (k / (older - 1)) * (1 - 1 / count);
  });
}
