/** Runs and groups of seeds against the pinned baseline of their data set and split: a column of the table of runs. */
import { setImmediate } from 'node:timers/promises';
import type { Checked, Result, Versus as Difference } from '../../../shared/contract.ts';
import type { ComparedRun } from '../../evaluation/compare/compare.ts';
import { comparePair } from '../../evaluation/compare/run-pairs.ts';
import { isSignificant } from '../../evaluation/compare/verdict.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findRun } from '../../store/runs.ts';
import { baselineOf } from './pins.ts';
import { comparedUnit, readMetric } from './stored-units.ts';
import { groupOf, type Unit } from './units.ts';

/** Differences kept: finished runs never change, so each is computed once. */
const REMEMBERED = 20_000;

export class Versus {
  readonly #database: ReadableDatabase;
  readonly #known = new Map<string, Difference | null>();

  constructor(database: ReadableDatabase) {
    this.#database = database;
  }

  /** Lets other work of the engine in between two groups that are new to it. */
  async test({ groups, metric }: Checked<'runs.versus'>): Promise<Result<'runs.versus'>> {
    const baselines = new Map<string, { unit: Unit; compared?: ComparedRun | null }>();
    const results: (Difference | null)[] = [];
    for (const ids of groups) {
      const runs = ids
        .map((id) => findRun(this.#database, id))
        .filter(({ run }) => run.status === 'finished');
      const pinned = runs.length > 0 ? baselineOf(this.#database, runs[0].run) : null;
      if (!pinned) {
        results.push(null);
        continue;
      }
      const known = baselines.get(pinned.run.id);
      const baseline = known ?? { unit: groupOf(this.#database, pinned) };
      baselines.set(pinned.run.id, baseline);
      const keys = [baseline.unit, { runs }].map((unit) =>
        unit.runs.map(({ key }) => key).sort((x, y) => x - y),
      );
      const name = JSON.stringify([metric, ...keys]);
      let difference = this.#known.get(name);
      if (difference === undefined) {
        await setImmediate();
        const read = (unit: Unit) =>
          comparedUnit(unit, (stored) => readMetric(this.#database, stored, metric));
        baseline.compared ??= read(baseline.unit);
        difference = differenceOf(baseline.compared, read({ id: runs[0].run.id, runs }), metric);
        if (this.#known.size >= REMEMBERED) this.#known.clear();
        this.#known.set(name, difference);
      }
      results.push(difference);
    }
    return results;
  }
}

/** Null within the baseline's own group, and where no user has a value in both. */
function differenceOf(
  baseline: ComparedRun | null,
  run: ComparedRun | null,
  metric: string,
): Difference | null {
  if (!baseline || !run) return null;
  const own = new Set(baseline.group?.runs ?? [baseline.run.id]);
  if ((run.group?.runs ?? [run.run.id]).some((id) => own.has(id))) return null;
  const pair = comparePair(baseline, run, metric);
  if (!pair) return null;
  const { difference, interval, pValue, users, method } = pair;
  return { difference, interval, pValue, significant: isSignificant(pair), users, method };
}
