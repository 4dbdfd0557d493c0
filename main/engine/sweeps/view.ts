/** Sweeps as they are listed and shown. */
import type { SweepDetail, SweepEntry, SweepSummary, SweepTrial } from '../../../shared/contract.ts';
import type { FinalGroup, TournamentOutcome } from '../../../shared/sweeps.ts';
import { findModel } from '../../models/registry.ts';
import { Search, type SearchSettings } from '../../search/search.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { type StoredSweep, type StoredTrial, trialsOf } from '../../store/sweeps.ts';
import { epochsOf, findAnyRun } from '../../store/runs.ts';
import type { Importances } from './importances.ts';
import { toTrial } from './lane.ts';
import { directionOf, type Plan, type PlannedEntry } from './sweep-plan.ts';
import { bestOf } from './trial-runs.ts';

export function summaryOf(sweep: StoredSweep): SweepSummary {
  const plan = sweep.plan as Plan;
  return {
    id: sweep.id,
    number: sweep.key,
    name: sweep.name,
    kind: sweep.kind,
    dataset: sweep.datasetId,
    datasetName: sweep.datasetName,
    status: sweep.status,
    stage: sweep.stage,
    models: plan.entries.map(({ model }) => model),
    metric: plan.metric,
    budget: plan.budget,
    ...{ seed: plan.searchSeed, finalSeeds: plan.finalSeeds },
    trials: sweep.trials,
    seconds: sweep.seconds,
    notes: [...sweep.notes],
    error: sweep.error,
    createdAt: sweep.createdAt,
    finishedAt: sweep.finishedAt,
  };
}

/** All of a sweep. Test figures are in it when it is done, not before. */
export function detailOf(
  database: ReadableDatabase,
  sweep: StoredSweep,
  timeLeft: SweepDetail['timeLeft'],
  importances: Importances,
): SweepDetail {
  const plan = sweep.plan as Plan;
  const trials = Map.groupBy(trialsOf(database, sweep.key), ({ entry }) => entry);
  const isDone = sweep.stage === 'done';
  return {
    summary: summaryOf(sweep),
    config: plan.entries[0].config,
    entries: plan.entries.map((entry, k) =>
      entryOf(database, plan, entry, trials.get(k) ?? [], {
        running: sweep.status === 'running',
        spent: sweep.spent[k],
        importance: importances.of(
          `${sweep.id} ${k}`,
          entry,
          trials.get(k) ?? [],
          plan.searchSeed,
          sweep.status === 'running',
        ),
      }),
    ),
    timeLeft,
    final: isDone && sweep.kind === 'sweep' ? (sweep.outcome as FinalGroup | null) : null,
    tournament: isDone && sweep.kind === 'tournament' ? tournamentOf(plan, sweep.outcome) : null,
  };
}

/** Outcomes that earlier versions stored lack what was added since. */
function tournamentOf(plan: Plan, outcome: unknown): TournamentOutcome | null {
  if (outcome === null) return null;
  const later = { metric: plan.metric, finals: [], slices: [], notes: [] };
  return { ...later, ...(outcome as TournamentOutcome) };
}

/** The search of an entry as its trials have left it. */
export function searchOf(plan: Plan, entry: PlannedEntry, trials: readonly StoredTrial[]): Search {
  const settings: SearchSettings = {
    ...entry.search,
    space: entry.space as SearchSettings['space'],
    better: directionOf(plan),
    budget: 0,
    seed: plan.searchSeed,
  };
  return new Search(settings, trials.map(toTrial));
}

function entryOf(
  database: ReadableDatabase,
  plan: Plan,
  entry: PlannedEntry,
  trials: readonly StoredTrial[],
  {
    running,
    spent,
    importance,
  }: { running: boolean; spent: number | undefined; importance: SweepEntry['importance'] },
): SweepEntry {
  const search = searchOf(plan, entry, trials);
  const best = search.best();
  const shown = trials.map((trial) => trialOf(database, plan, trial, running));
  return {
    model: entry.model,
    title: findModel(entry.model)?.title ?? entry.model,
    space: [...entry.space],
    search: entry.kind,
    rungs: [...search.rungs],
    trials: shown,
    seconds: spent ?? shown.reduce((sum, { seconds }) => sum + seconds, 0),
    best: best && {
      index: best.number,
      parameters: best.point,
      validation: best.values[best.values.length - 1],
    },
    importance,
  };
}

function trialOf(database: ReadableDatabase, plan: Plan, trial: StoredTrial, isRunning: boolean): SweepTrial {
  const runs = trial.runs.map(({ id }) => findAnyRun(database, id));
  const curves = runs.map(({ key }) => epochsOf(database, key));
  const figures = curves.flatMap((epochs) => bestOf(epochs, plan.metric) ?? []);
  const statuses = new Set(runs.map(({ run }) => run.status));
  const active =
    isRunning && (statuses.has('running') ? 'running' : statuses.has('queued') ? 'queued' : null);
  return {
    index: trial.number,
    run: runs[0]?.run.id ?? null,
    runs: runs.map(({ run }) => run.id),
    parameters: trial.point,
    status: active || (trial.failed ? 'failed' : trial.whole ? 'finished' : 'stopped'),
    epochs: Math.max(0, ...curves.map((epochs) => epochs.length)),
    validation:
      figures.length > 0 && figures.length === curves.length && figures.every(Number.isFinite)
        ? figures.reduce((sum, value) => sum + value, 0) / figures.length
        : null,
    rungs: [...trial.figures],
    seconds: runs.reduce((sum, { run }) => sum + run.seconds.train + run.seconds.evaluate, 0),
  };
}
