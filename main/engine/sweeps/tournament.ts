/** What a tournament came to: the ranking of what was tested, its pairs, and what each model cost. */
import type { CompareResult, ComparedUnit, RunsCost } from '../../../shared/compare.ts';
import { sliceFor } from '../../../shared/comparison/view.ts';
import { findMetricKey, metricDirection } from '../../../shared/metrics/registry.ts';
import type { TournamentEntry, TournamentOutcome } from '../../../shared/sweeps.ts';
import { compareRuns } from '../../evaluation/compare/compare.ts';
import { type ComparedRun, costOf } from '../../evaluation/compare/compared.ts';
import { groupInterval, seedsOf } from '../../evaluation/compare/groups.ts';
import { rankingSentence } from '../../evaluation/compare/ranking-sentence.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findAnyRun, listRuns, type StoredRun } from '../../store/runs.ts';
import { type StoredSweep, trialsOf } from '../../store/sweeps.ts';
import { comparedDataOf } from '../compare/compared-data.ts';
import { comparedUnits } from '../compare/stored-units.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { toRun } from '../runs/shown.ts';
import { endOf, spreadOf } from './end-runs.ts';
import type { Plan } from './sweep-plan.ts';
import { searchOf } from './view.ts';

interface Tested {
  readonly entry: number;
  /** Called after its model. */
  readonly group: ComparedRun;
  readonly runs: readonly { readonly key: number; readonly run: StoredRun }[];
}

export function tournamentOutcome(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  sweep: StoredSweep,
): TournamentOutcome {
  const plan = sweep.plan as Plan;
  const tested = testedOf(database, sweep);
  const metric =
    tested.length === 0
      ? plan.metric
      : (findMetricKey(Object.keys(tested[0].group.run.metrics.test), plan.metric) ?? plan.metric);
  const { ranking, pairs, runs: finals, slices, notes } = compared(database, loaded, sweep, tested, metric);
  const trials = Map.groupBy(trialsOf(database, sweep.key), ({ entry }) => entry);
  const entries = plan.entries.map((entry, k): TournamentEntry => {
    const own = trials.get(k) ?? [];
    const tried = own.flatMap(({ runs }) => runs.map(({ id }) => findAnyRun(database, id).run));
    const best = searchOf(plan, entry, own).best();
    const end = tested.find((one) => one.entry === k);
    const last = end?.runs.map(({ run }) => run) ?? [];
    const standing = ranking.order.find(({ run }) => run === end?.group.run.id);
    return {
      model: entry.model,
      title: findModel(entry.model)?.title ?? entry.model,
      group: end?.group.run.id ?? null,
      runs: last.map(({ id }) => id),
      trials: own.length,
      parameters: best?.point ?? {},
      validation: best?.values.at(-1) ?? null,
      test: end
        ? {
            ...spreadOf(last.map(({ metrics }) => metrics.test[metric])),
            interval: groupInterval(end.group, metric),
          }
        : null,
      seconds: { tuning: secondsOf(tried), final: secondsOf(last) },
      cost: { tuning: costOfAll(tried), final: costOfAll(last) },
      rank: standing?.rank ?? null,
      tiedWithBest: standing?.tiedWithBest ?? false,
    };
  });
  const ranked = entries.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
  return {
    entries: ranked,
    pairs,
    bars: ranking.bars,
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
        metric,
        dataset: sweep.datasetName,
        missing: entries.flatMap(({ title, test }) => (test ? [] : [title])),
      },
    ),
    ...{ metric, finals, slices, notes },
  };
}

function testedOf(database: ReadableDatabase, sweep: StoredSweep): Tested[] {
  return (sweep.plan as Plan).entries.flatMap(({ model }, entry): Tested[] => {
    const runs = endOf(database, sweep, entry);
    if (runs.length === 0) return [];
    const [group] = comparedUnits(database, [{ id: runs[0].run.group ?? '', runs }]);
    const name = findModel(model)?.title ?? model;
    return [{ entry, group: { ...group, run: { ...group.run, name } }, runs }];
  });
}

/** As Compare does it, the first against the second. */
function compared(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  sweep: StoredSweep,
  tested: readonly Tested[],
  metric: string,
): Pick<CompareResult, 'ranking' | 'pairs' | 'runs' | 'slices' | 'notes'> {
  const groups = tested.map(({ group }) => group);
  if (tested.length < 2)
    return {
      ranking: { order: groups.map(({ run }) => ({ run: run.id, rank: 1, tiedWithBest: true })), bars: [] },
      ...{ pairs: [], runs: groups.map(alone), slices: [], notes: [] },
    };
  const sign = metricDirection(metric);
  const [first, second] = groups.toSorted(
    (a, b) => sign * (b.run.metrics.test[metric] - a.run.metrics.test[metric]),
  );
  const [{ key, run }] = tested[0].runs;
  const baselines = listRuns(database, { dataset: sweep.dataset, status: 'finished' })
    .map((stored) => toRun(stored.run))
    .filter(({ baseline }) => baseline);
  const result = compareRuns(groups, comparedDataOf(database, loaded, key, run), {
    ...{ metric, force: false, lead: [second.run.id, first.run.id], siblings: baselines },
  });
  return { ...result, slices: result.slices.map((slice) => sliceFor(slice, second.run.id)) };
}

function alone(group: ComparedRun): ComparedUnit {
  const { id, name, model, metrics, seconds } = group.run;
  return { id, label: name, model, metrics: metrics.test, seconds: seconds.train, ...seedsOf(group) };
}

function costOfAll(runs: readonly StoredRun[]): RunsCost | null {
  return runs.length > 0 ? costOf(runs.map(toRun)) : null;
}

function secondsOf(runs: readonly StoredRun[]): number {
  return runs.reduce((sum, { seconds }) => sum + seconds.train + seconds.evaluate, 0);
}
