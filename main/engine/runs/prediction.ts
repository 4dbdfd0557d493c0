/** What runs are expected to take: from what was timed here, else from their operations and the speed of the computer. */
import type { Parameters, RunConfig } from '../../../shared/config.ts';
import type { Dataset, Result } from '../../../shared/contract.ts';
import { runKey } from '../../../shared/run-identity.ts';
import type { DataSize, ModelDefinition } from '../../model/model.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';
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
    const finished = listRuns(database, { archived: true, trials: true, status: 'finished', model });
    const made = historyOf(
      found,
      finished.map(({ run }) => run),
      sizeOf,
    );
    models.set(model, made);
    return made;
  };
  let correction: number | null = null;
  const active = activeRuns(database);
  return configs.map((config) => {
    const history = models.get(config.model) ?? historyFor(config.model);
    return predictCost(found, config, history, active, () => (correction ??= correctionOf(database, sizeOf)));
  });
}

/** What is known of a model's finished runs. */
interface ModelHistory {
  readonly runs: number;
  readonly where: string;
  /** Median seconds an operation; null without runs. */
  readonly rate: number | null;
  readonly memoryMb: number | null;
  /** Finished runs on this data by everything that makes their bits. */
  readonly identical: ReadonlyMap<string, StoredRun>;
}

function historyOf(
  dataset: Dataset,
  earlier: readonly StoredRun[],
  sizeOf: (dataset: string) => DataSize,
): ModelHistory {
  const here = earlier.filter((run) => run.fingerprint === dataset.fingerprint);
  const basis = here.length > 0 ? here : earlier;
  return {
    runs: basis.length,
    where: here.length > 0 ? 'here' : 'on other data',
    rate: median(basis.flatMap((run) => secondsAnOperation(run, sizeOf(run.dataset)) ?? [])),
    memoryMb: here.length > 0 ? Math.max(...here.map((run) => run.peakMemoryMb ?? 0)) : null,
    // Trials were never tested.
    identical: new Map(here.filter((run) => !isTrial(run)).map((run) => [runKey(run), run])),
  };
}

const isTrial = ({ sweep }: StoredRun): boolean => sweep !== null && sweep.trial !== null;

function secondsAnOperation(run: StoredRun, size: DataSize): number | null {
  const model = findModel(run.model);
  if (!model) return null;
  const seconds = run.seconds.train + run.seconds.evaluate;
  return (
    seconds /
    operationsOf(model, { ...completed(model, run.parameters), epochs: Math.max(1, run.epoch) }, size)
  );
}

/** Runs of earlier versions may lack parameters that there are now. */
function completed(model: ModelDefinition, parameters: Parameters): Parameters {
  return { ...resolveParameters(model, {}), ...parameters };
}

/** How much slower this computer has been than its speed lets expect, by the runs of all models. */
function correctionOf(database: ReadableDatabase, sizeOf: (dataset: string) => DataSize): number {
  const finished = listRuns(database, { archived: true, trials: true, status: 'finished' });
  const ratios = finished.flatMap(({ run }) => {
    const model = findModel(run.model);
    if (!model) return [];
    const parameters = { ...completed(model, run.parameters), epochs: Math.max(1, run.epoch) };
    const expected = expectRun(model, parameters, sizeOf(run.dataset), plainSpeed());
    return [(run.seconds.train + run.seconds.evaluate) / expected.seconds];
  });
  return Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, median(ratios) ?? 1));
}

function predictCost(
  dataset: Dataset,
  config: RunConfig,
  history: ModelHistory,
  active: ReadonlyMap<string, readonly StoredRun[]>,
  correction: () => number,
): Prediction {
  const model = findModel(config.model);
  if (!model)
    return { seconds: null, memoryMb: null, basis: `There is no model ${config.model} here.`, sameAs: null };
  const parameters = resolveParameters(model, config.parameters, dataset);
  const key = runKey(identityOf(dataset, config, parameters));
  const sameAs = (history.identical.get(key) ?? active.get(key)?.[0])?.id ?? null;
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
