/** Runs that are there already: of the same data, configuration and seed. */
import type { Parameters, RunConfig } from '../../../shared/config.ts';
import type { Dataset } from '../../../shared/contract.ts';
import { runKey, type RunIdentity } from '../../../shared/run-identity.ts';
import { findModel } from '../../models/registry.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';
import { targetOf } from '../../training/targets.ts';

/** A configuration that is not a run yet, as identity sees it. */
export function identityOf(
  { fingerprint, implicit }: Pick<Dataset, 'fingerprint' | 'implicit'>,
  config: RunConfig,
  parameters: Parameters,
): RunIdentity {
  const definition = findModel(config.model);
  const target = definition ? targetOf(definition, config.evaluation, implicit) : '';
  return { model: config.model, parameters, config, seed: config.seed, fingerprint, split: null, target };
}

/** The runs that wait or run, by their key. */
export function activeRuns(database: ReadableDatabase): Map<string, StoredRun[]> {
  const active = (['queued', 'running'] as const).flatMap((status) =>
    listRuns(database, { archived: true, status }).map(({ run }) => run),
  );
  return Map.groupBy(active, runKey);
}

/** Whether a run that waits or runs does what a configuration asks for; elsewhere computed, it is asked for to compare. */
export function computesAlike(a: RunConfig, b: RunConfig): boolean {
  return a.compute === b.compute && a.threads === b.threads;
}
