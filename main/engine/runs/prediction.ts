import type { RunConfig } from '../../../shared/config.ts';
import type { Dataset, Result } from '../../../shared/contract.ts';
import { runKey } from '../../../shared/run-identity.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { activeRuns, identityOf } from './twins.ts';

type Prediction = Result<'runs.predict'>[number];

/**
 * What runs are expected to take, from finished runs of the same model: seconds an epoch and rating, scaled by embedding
 * size. Null where there is none to learn from.
 */
export function predictCosts(
  database: ReadableDatabase,
  dataset: string,
  configs: readonly RunConfig[],
): Prediction[] {
  const { dataset: found } = findDataset(database, dataset);
  const finished = Map.groupBy(
    listRuns(database, { archived: true, status: 'finished' }).map(({ run }) => run),
    (run) => run.model,
  );
  const ratings = new Map<string, number>();
  const ratingsOf = (id: string): number => {
    const known = ratings.get(id) ?? findDataset(database, id).dataset.ratings;
    ratings.set(id, known);
    return known;
  };
  const models = new Map<string, ModelHistory>();
  const active = activeRuns(database);
  return configs.map((config) => {
    const history = models.get(config.model) ?? historyOf(found, finished.get(config.model) ?? [], ratingsOf);
    models.set(config.model, history);
    return predictCost(found, config, history, active);
  });
}

/** What is known of a model's finished runs. */
interface ModelHistory {
  readonly runs: number;
  readonly where: string;
  /** Median seconds an epoch, rating and factor; null without runs. */
  readonly rate: number | null;
  readonly memoryMb: number | null;
  /** Finished runs on this data by everything that makes their bits. */
  readonly identical: ReadonlyMap<string, StoredRun>;
}

function historyOf(
  dataset: Dataset,
  earlier: readonly StoredRun[],
  ratingsOf: (dataset: string) => number,
): ModelHistory {
  const here = earlier.filter((run) => run.fingerprint === dataset.fingerprint);
  const basis = here.length > 0 ? here : earlier;
  const rates = basis
    .map((run) => {
      const work = Math.max(1, run.epoch) * ratingsOf(run.dataset) * sizeOf(run.parameters.embeddingSize);
      return (run.seconds.train + run.seconds.evaluate) / work;
    })
    .sort((a, b) => a - b);
  return {
    runs: basis.length,
    where: here.length > 0 ? 'here' : 'on other data',
    rate: rates[Math.floor(rates.length / 2)] ?? null,
    memoryMb: here.length > 0 ? Math.max(...here.map((run) => run.peakMemoryMb ?? 0)) : null,
    identical: new Map(here.map((run) => [runKey(run), run])),
  };
}

function predictCost(
  dataset: Dataset,
  config: RunConfig,
  history: ModelHistory,
  active: ReadonlyMap<string, readonly StoredRun[]>,
): Prediction {
  const model = findModel(config.model);
  const unknown = { seconds: null, memoryMb: null, basis: 'No earlier run of this model to learn from.' };
  if (!model) return { ...unknown, sameAs: null };
  const parameters = resolveParameters(model, config.parameters);
  const key = runKey(identityOf(dataset, config, parameters));
  const sameAs = (history.identical.get(key) ?? active.get(key)?.[0])?.id ?? null;
  if (history.rate === null) return { ...unknown, sameAs };
  const epochs = typeof parameters.epochs === 'number' ? parameters.epochs : 1;
  const { runs, where, rate, memoryMb } = history;
  return {
    seconds: rate * epochs * dataset.ratings * sizeOf(parameters.embeddingSize),
    memoryMb,
    basis: `From ${runs} earlier ${model.title} ${runs === 1 ? 'run' : 'runs'} ${where}.`,
    sameAs,
  };
}

function sizeOf(embeddingSize: unknown): number {
  return typeof embeddingSize === 'number' ? embeddingSize : 1;
}
