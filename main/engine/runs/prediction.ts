/** What runs would take, and whether they are there already, for who is about to start them. */
import type { RunConfig } from '../../../shared/config.ts';
import type { Dataset, Result } from '../../../shared/contract.ts';
import { runKey } from '../../../shared/run-identity.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { listRuns } from '../../store/runs.ts';
import { Estimates } from './estimates.ts';
import { activeRuns, identityOf } from './twins.ts';

/** One prediction a configuration, in their order. */
export function predictCosts(
  database: ReadableDatabase,
  dataset: string,
  configs: readonly RunConfig[],
): Result<'runs.predict'> {
  const { dataset: found } = findDataset(database, dataset);
  const estimates = new Estimates(database);
  const active = activeRuns(database);
  const finished = new Map<string, ReadonlyMap<string, string>>();
  const finishedFor = ({ model, seed }: RunConfig): ReadonlyMap<string, string> => {
    const known = finished.get(`${seed} ${model}`) ?? finishedRuns(database, found, model, seed);
    finished.set(`${seed} ${model}`, known);
    return known;
  };
  const sameAs = (config: RunConfig): string | null => {
    const model = findModel(config.model);
    if (!model) return null;
    const parameters = resolveParameters(model, config.parameters, found);
    const key = runKey(identityOf(found, config, parameters));
    return finishedFor(config).get(key) ?? active.get(key)?.[0]?.id ?? null;
  };
  return configs.map((config) => ({ ...estimates.of(found.id, config), sameAs: sameAs(config) }));
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
