/** What runs are expected to take: from what was timed here, else from their operations and the speed of the computer. */
import type { Parameters, RunConfig } from '../../../shared/config.ts';
import type { Dataset, Result } from '../../../shared/contract.ts';
import { runKey } from '../../../shared/run-identity.ts';
import type { DataSize, ModelDefinition } from '../../model/model.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findAnyRun, listRuns } from '../../store/runs.ts';
import { latestTimings, type Timing } from '../../store/timings.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { expectRun, operationsOf, plainSpeed } from './expectation.ts';
import { activeRuns, identityOf } from './twins.ts';

type Prediction = Result<'runs.predict'>[number];

/** A correction by what other models took goes no further: they are other models. */
const MOST_CORRECTION = 10;

/** One prediction a configuration, in their order. */
export function predictCosts(
  database: ReadableDatabase,
  dataset: string,
  configs: readonly RunConfig[],
): Prediction[] {
  const { dataset: found } = findDataset(database, dataset);
  const sizes = new Map<string, Dataset>();
  const sizeOf = (id: string): Dataset => {
    const known = sizes.get(id) ?? findDataset(database, id).dataset;
    sizes.set(id, known);
    return known;
  };
  const models = new Map<string, ModelHistory>();
  const historyFor = (model: string): ModelHistory => {
    const here = latestTimings(database, { model, fingerprint: found.fingerprint });
    const made = historyOf(here, () => latestTimings(database, { model }), sizeOf);
    models.set(model, made);
    return made;
  };
  const finished = new Map<string, ReadonlyMap<string, string>>();
  const finishedFor = ({ model, seed }: RunConfig): ReadonlyMap<string, string> => {
    const known = finished.get(`${seed} ${model}`) ?? finishedRuns(database, found, model, seed);
    finished.set(`${seed} ${model}`, known);
    return known;
  };
  let correction: number | null = null;
  const active = activeRuns(database);
  return configs.map((config) => {
    const history = models.get(config.model) ?? historyFor(config.model);
    const twin = (key: string): string | null =>
      finishedFor(config).get(key) ?? active.get(key)?.[0]?.id ?? null;
    return predictCost(found, config, history, twin, () => (correction ??= correctionOf(database, sizeOf)));
  });
}

/** Operations that a finished run did: of all its epochs, and of ranking. */
export function workDone(database: ReadableDatabase, id: string): number {
  const { run } = findAnyRun(database, id);
  const model = findModel(run.model);
  if (!model) return 0;
  const parameters = timedParameters(model, { parameters: run.parameters, epochs: Math.max(1, run.epoch) });
  return operationsOf(model, parameters, findDataset(database, run.dataset).dataset);
}

/** What is known of a model's finished runs. */
interface ModelHistory {
  readonly runs: number;
  readonly where: string;
  /** Median seconds an operation; null without runs. */
  readonly rate: number | null;
  readonly memoryMb: number | null;
}

function historyOf(
  here: readonly Timing[],
  elsewhere: () => readonly Timing[],
  sizeOf: (dataset: string) => DataSize,
): ModelHistory {
  const basis = here.length > 0 ? here : elsewhere();
  return {
    runs: basis.length,
    where: here.length > 0 ? 'here' : 'on other data',
    rate: median(basis.flatMap((run) => secondsAnOperation(run, sizeOf(run.dataset)) ?? [])),
    memoryMb: here.length > 0 ? Math.max(...here.map((run) => run.peakMemoryMb ?? 0)) : null,
  };
}

function secondsAnOperation(run: Timing, size: DataSize): number | null {
  const model = findModel(run.model);
  return model ? run.seconds / operationsOf(model, timedParameters(model, run), size) : null;
}

/** Ids of the finished runs on the same data by their key. Trials were never tested, so they are none of them. */
function finishedRuns(
  database: ReadableDatabase,
  { fingerprint }: Dataset,
  model: string,
  seed: number,
): ReadonlyMap<string, string> {
  const runs = listRuns(database, { archived: true, status: 'finished', model, seed, fingerprint });
  return new Map(runs.map(({ run }) => [runKey(run), run.id]));
}

/** As it was trained. Runs of earlier versions may lack parameters that there are now. */
function timedParameters(
  model: ModelDefinition,
  { parameters, epochs }: Pick<Timing, 'parameters' | 'epochs'>,
): Parameters {
  return { ...resolveParameters(model, {}), ...parameters, epochs };
}

/** How much slower this computer has been than its speed lets expect, by the latest runs of all models. */
function correctionOf(database: ReadableDatabase, sizeOf: (dataset: string) => DataSize): number {
  const ratios = latestTimings(database, {}).flatMap((run) => {
    const model = findModel(run.model);
    if (!model) return [];
    const expected = expectRun(model, timedParameters(model, run), sizeOf(run.dataset), plainSpeed());
    return [run.seconds / expected.seconds];
  });
  return Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, median(ratios) ?? 1));
}

function predictCost(
  dataset: Dataset,
  config: RunConfig,
  history: ModelHistory,
  twin: (key: string) => string | null,
  correction: () => number,
): Prediction {
  const model = findModel(config.model);
  if (!model)
    return { seconds: null, memoryMb: null, basis: `There is no model ${config.model} here.`, sameAs: null };
  const parameters = resolveParameters(model, config.parameters, dataset);
  const sameAs = twin(runKey(identityOf(dataset, config, parameters)));
  const { runs, where, rate } = history;
  const expected = expectRun(model, parameters, dataset, plainSpeed());
  const memoryMb = history.memoryMb ?? expected.memoryMb;
  if (rate === null)
    return {
      seconds: expected.seconds * correction(),
      memoryMb,
      basis: `${model.title} never ran here: estimated from its operations and the speed of this computer.`,
      sameAs,
    };
  return {
    seconds: rate * operationsOf(model, parameters, dataset),
    memoryMb,
    basis: `From ${runs} earlier ${model.title} ${runs === 1 ? 'run' : 'runs'} ${where}.`,
    sameAs,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}
