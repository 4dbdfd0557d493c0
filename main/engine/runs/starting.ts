/** From configurations to queued runs: all are checked before the first is stored. */
import { randomUUID } from 'node:crypto';
import type { RunConfig } from '../../../shared/config.ts';
import type { Checked } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { findModel, models } from '../../models/registry.ts';
import { findDataset } from '../../store/datasets.ts';
import { insertRun } from '../../store/runs.ts';
import { assertWritten } from '../../training/choose-compute.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { targetOf } from '../../training/targets.ts';
import type { EngineContext } from '../context.ts';
import { assertPossible } from '../datasets/possible.ts';
import { nameOf, partName } from './run-names.ts';

/**
 * Stores and queues runs; returns their ids.
 * @throws WorkbenchError `unknown-model`, `unknown-parameter`, `invalid-parameter`, `dataset-missing`, `no-given-split`,
 *   `no-given-candidates`, `no-time`, `nothing-positive`, `invalid-target`, `compute-unavailable`
 */
export function startRuns(
  { database, events, queue, versions }: Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>,
  { dataset: idOrName, configs, name, group }: Checked<'runs.start'>,
): string[] {
  const { key: dataset, dataset: found } = findDataset(database, idOrName);
  const checked = configs.map((config) => {
    const model = modelOf(config);
    assertPossible(config, found);
    assertWritten(model, config.compute);
    return { config, model, parameters: resolveParameters(model, config.parameters) };
  });
  const runs = checked.map(({ config, model, parameters }) => {
    const id = randomUUID();
    insertRun(database, {
      id,
      name: partName(name ?? nameOf(model, parameters, config), config.split),
      dataset,
      fingerprint: found.fingerprint,
      config,
      parameters,
      target: targetOf(model, config.evaluation, found.implicit),
      epochs: model.iterative && typeof parameters.epochs === 'number' ? parameters.epochs : 1,
      group,
      versions,
    });
    return id;
  });
  for (const run of runs) {
    queue.add(run);
    events.emit({ event: 'runs.changed', payload: { run } });
  }
  events.emit({ event: 'datasets.changed', payload: { dataset: found.id } });
  return runs;
}

export function modelOf(config: Pick<RunConfig, 'model'>): ModelDefinition {
  const model = findModel(config.model);
  if (model) return model;
  throw new WorkbenchError(
    'unknown-model',
    `There is no model "${config.model}".`,
    `There are: ${models.map(({ name }) => name).join(', ')}.`,
  );
}
