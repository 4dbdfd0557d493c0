/** What a tournament came to: the ranking of what was tested, its pairs, and what each model cost. */
import { findMetricKey, metricDirection } from '../../../shared/metrics/registry.ts';
import type { TournamentEntry, TournamentOutcome } from '../../../shared/sweeps.ts';
import type { ComparedRun } from '../../evaluation/compare/compare.ts';
import { groupInterval } from '../../evaluation/compare/groups.ts';
import { rankingSentence } from '../../evaluation/compare/ranking-sentence.ts';
import { comparePairs } from '../../evaluation/compare/run-pairs.ts';
import { standings } from '../../evaluation/compare/standing.ts';
import { isSignificant } from '../../evaluation/compare/verdict.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findAnyRun, type StoredRun } from '../../store/runs.ts';
import { type StoredSweep, trialsOf } from '../../store/sweeps.ts';
import { comparedUnits } from '../compare/stored-units.ts';
import { endOf, spreadOf } from './end-runs.ts';
import type { Plan } from './sweep-plan.ts';
import { searchOf } from './view.ts';

interface Tested {
  readonly entry: number;
  readonly group: ComparedRun;
  readonly runs: readonly StoredRun[];
}

export function tournamentOutcome(database: ReadableDatabase, sweep: StoredSweep): TournamentOutcome {
  const plan = sweep.plan as Plan;
  const tested = plan.entries.flatMap((_, entry): Tested[] => {
    const runs = endOf(database, sweep, entry);
    if (runs.length === 0) return [];
    const [group] = comparedUnits(database, [{ id: runs[0].run.group ?? '', runs }]);
    return [{ entry, group, runs: runs.map(({ run }) => run) }];
  });
  const [first] = tested;
  const key = first && (findMetricKey(Object.keys(first.runs[0].metrics.test), plan.metric) ?? plan.metric);
  const pairs =
    tested.length < 2
      ? []
      : comparePairs(
          tested.map(({ group }) => group),
          [key],
        );
  const direction = metricDirection(plan.metric);
  const models = tested.map(({ group }) => ({ id: group.run.id, value: group.run.metrics.test[key] }));
  const { order, bars } = standings(models, direction, (a, b) => {
    const pair = pairs.find((one) => [one.a, one.b].includes(a) && [one.a, one.b].includes(b));
    return pair !== undefined && isSignificant(pair);
  });
  const trials = Map.groupBy(trialsOf(database, sweep.key), ({ entry }) => entry);
  const secondsOf = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => {
      const { seconds } = findAnyRun(database, id).run;
      return sum + seconds.train + seconds.evaluate;
    }, 0);
  const entries = plan.entries.map((entry, k): TournamentEntry => {
    const own = trials.get(k) ?? [];
    const best = searchOf(plan, entry, own).best();
    const end = tested.find((one) => one.entry === k);
    const values = end?.runs.map(({ metrics }) => metrics.test[key]) ?? [];
    const standing = order.find(({ id }) => id === end?.group.run.id);
    return {
      model: entry.model,
      title: findModel(entry.model)?.title ?? entry.model,
      group: end?.group.run.id ?? null,
      runs: end?.runs.map(({ id }) => id) ?? [],
      trials: own.length,
      parameters: best?.point ?? {},
      validation: best?.values.at(-1) ?? null,
      test: end ? { ...spreadOf(values), interval: groupInterval(end.group, key) } : null,
      seconds: {
        tuning: secondsOf(own.flatMap(({ runs }) => runs.map(({ id }) => id))),
        final: secondsOf(end?.runs.map(({ id }) => id) ?? []),
      },
      rank: standing?.rank ?? null,
      tiedWithBest: standing?.tiedWithBest ?? false,
    };
  });
  const ranked = entries.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
  return {
    entries: ranked,
    pairs,
    bars: bars.map((bar) => [...bar]),
    sentence: rankingSentence(
      ranked.flatMap(({ group, title, test, tiedWithBest, seconds, runs }) =>
        group && test
          ? [
              {
                id: group,
                title,
                mean: test.mean,
                interval: test.interval,
                tiedWithBest,
                seconds: seconds.final / runs.length,
              },
            ]
          : [],
      ),
      pairs,
      {
        metric: key ?? plan.metric,
        dataset: sweep.datasetName,
        missing: entries.flatMap(({ title, test }) => (test ? [] : [title])),
      },
    ),
  };
}
