import type { RunConfig } from '../../shared/config.ts';
import type { Result } from '../../shared/contract.ts';
import { findModel } from '../models/registry.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { findDataset } from '../store/datasets.ts';
import { listRuns } from '../store/runs.ts';
import { resolveParameters } from '../trainer/parameters.ts';

/**
 * What a run is expected to take, from finished runs of the same model: seconds an epoch and rating, scaled by
 * embedding size. Null where there is none to learn from. `sameAs`: a finished run with this very configuration.
 */
export function predictCost(
  database: ReadableDatabase,
  dataset: string,
  config: RunConfig,
): Result<'runs.predict'> {
  const { dataset: found } = findDataset(database, dataset);
  const model = findModel(config.model);
  const unknown = {
    seconds: null,
    memoryMb: null,
    basis: 'No earlier run of this model to learn from.',
    sameAs: null,
  };
  if (!model) return unknown;
  const parameters = resolveParameters(model, config.parameters);
  const epochs = typeof parameters.epochs === 'number' ? parameters.epochs : 1;
  const size = sizeOf(parameters.embeddingSize);
  const earlier = listRuns(database, { archived: true, status: 'finished' }).filter(
    ({ run }) => run.model === config.model,
  );
  const here = earlier.filter(({ run }) => run.fingerprint === found.fingerprint);
  const same = here.find(
    ({ run }) =>
      run.seed === config.seed &&
      JSON.stringify(run.parameters) === JSON.stringify(parameters) &&
      JSON.stringify([run.config.split, run.config.evaluation, run.config.refit]) ===
        JSON.stringify([config.split, config.evaluation, config.refit]),
  );
  const basis = here.length > 0 ? here : earlier;
  if (basis.length === 0) return unknown;
  const ratings = new Map<string, number>();
  const ratingsOf = (id: string): number => {
    const known = ratings.get(id) ?? findDataset(database, id).dataset.ratings;
    ratings.set(id, known);
    return known;
  };
  const seconds = basis
    .map(({ run }) => {
      const work = Math.max(1, run.epoch) * ratingsOf(run.dataset) * sizeOf(run.parameters.embeddingSize);
      return ((run.seconds.train + run.seconds.evaluate) / work) * epochs * found.ratings * size;
    })
    .sort((a, b) => a - b);
  const memory = here.map(({ run }) => run.peakMemoryMb ?? 0);
  const where = here.length > 0 ? 'here' : 'on other data';
  return {
    seconds: seconds[Math.floor(seconds.length / 2)],
    memoryMb: memory.length > 0 ? Math.max(...memory) : null,
    basis: `From ${basis.length} earlier ${model.title} ${basis.length === 1 ? 'run' : 'runs'} ${where}.`,
    sameAs: same?.run.id ?? null,
  };
}

function sizeOf(embeddingSize: unknown): number {
  return typeof embeddingSize === 'number' ? embeddingSize : 1;
}
