/** Runs that differ by their seed alone are one group: what all that show or compute one agree on. */
import type { Run } from './runs.ts';

type Member = Pick<Run, 'number' | 'seed' | 'seedless'>;

/**
 * One run a distinct seed, the first that was made of each, by number: a seed that was trained again counts once. A model
 * that draws nothing at random has one, whatever seeds its runs name.
 */
export function distinctSeeds<R extends Member>(runs: readonly R[]): R[] {
  const bySeed = new Map<number, R>();
  for (const run of runs) {
    const key = run.seedless ? 0 : run.seed;
    const known = bySeed.get(key);
    if (!known || run.number < known.number) bySeed.set(key, run);
  }
  return [...bySeed.values()].sort((a, b) => a.number - b.number);
}

/** The name of a group: that of its first run, without its seed. */
export function groupName(runs: readonly Pick<Run, 'name' | 'number' | 'seed'>[]): string {
  const first = runs.reduce((a, b) => (b.number < a.number ? b : a));
  const seed = ` seed ${first.seed}`;
  return first.name.endsWith(seed) && first.name.length > seed.length
    ? first.name.slice(0, -seed.length)
    : first.name;
}

/** Mean and sample standard deviation (null under two values) of values over distinct seeds. */
export function spread(values: readonly number[]): { mean: number; sd: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
}
