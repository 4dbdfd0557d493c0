/** The runs of trials: made, trained to a rung, and read. */
import { randomUUID } from 'node:crypto';
import type { Epoch } from '../../../shared/contract.ts';
import type { RunConfig } from '../../../shared/config.ts';
import type { Job } from '../../search/search.ts';
import { findModel } from '../../models/registry.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { insertRun } from '../../store/runs.ts';
import { findDataset } from '../../store/datasets.ts';
import type { StoredSweep } from '../../store/sweeps.ts';
import { trialsOf, writeTrial } from '../../store/sweeps.ts';
import { isBetter, valueOf } from '../../training/targets.ts';
import type { SweepContext } from './sweep-context.ts';
import type { Plan } from './sweep-plan.ts';

type Context = Pick<SweepContext, 'database' | 'versions'>;

/** The configuration of a point, with one of the seeds. */
export function configOf({ entries }: Plan, entry: number, point: Job['point'], seed: number): RunConfig {
  const { config } = entries[entry];
  return { ...config, parameters: { ...config.parameters, ...point }, seed: config.seed + seed };
}

/** Stores a run of a sweep, to be queued. Returns its id. */
export function insertSweepRun(
  { database, versions }: Context,
  sweep: StoredSweep,
  plan: Plan,
  run: {
    readonly entry: number;
    readonly trial: number | null;
    readonly config: RunConfig;
    readonly name: string;
    readonly group: string | null;
  },
): string {
  const { dataset } = findDataset(database, sweep.datasetId);
  const model = findModel(run.config.model);
  if (!model) throw new Error(`no model ${run.config.model}`);
  const parameters = resolveParameters(model, run.config.parameters, dataset);
  const id = randomUUID();
  insertRun(database, {
    ...{ id, name: run.name, group: run.group, versions, config: run.config, parameters },
    dataset: sweep.dataset,
    fingerprint: dataset.fingerprint,
    target: plan.metric,
    epochs: model.iterative && typeof parameters['epochs'] === 'number' ? parameters['epochs'] : 1,
    sweep: { key: sweep.key, entry: run.entry, trial: run.trial },
  });
  return id;
}

/** Ids of the runs of a trial, one a seed; made where it is new. */
export function runsOfTrial(
  context: Context,
  sweep: StoredSweep,
  plan: Plan,
  entry: number,
  job: Job,
): string[] {
  const { database } = context;
  const known = trialsOf(database, sweep.key).find(
    (trial) => trial.entry === entry && trial.number === job.trial,
  );
  if (known && known.runs.length > 0) return known.runs.map(({ id }) => id);
  return database
    .transaction(() => {
      const { point, trial: number } = job;
      writeTrial(database, sweep.key, { entry, number, point, figures: [], failed: false, whole: false });
      return Array.from({ length: plan.seeds }, (_, seed) =>
        insertSweepRun(context, sweep, plan, {
          entry,
          trial: number,
          config: configOf(plan, entry, point, seed),
          name: `${sweep.name} trial ${number + 1}${plan.entries.length > 1 ? ` of ${plan.entries[entry].model}` : ''}`,
          group: null,
        }),
      );
    })
    .immediate();
}

/** The best value of the metric up to an epoch; null where no epoch was trained. */
export function bestOf(epochs: readonly Epoch[], metric: string, to = Infinity): number | null {
  let best: number | null = null;
  for (const { epoch, validation } of epochs) {
    if (epoch > to) break;
    const value = valueOf(metric, validation);
    if (best === null || Number.isNaN(best) || isBetter(metric, value, best)) best = value;
  }
  return best;
}
