/** From configurations to queued runs: all are checked before the first is stored. */
import { randomUUID } from 'node:crypto';
import type { RunConfig } from '../../../shared/config.ts';
import type { Checked, Dataset } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { findModel, models } from '../../models/registry.ts';
import { findDataset } from '../../store/datasets.ts';
import { insertRun } from '../../store/runs.ts';
import { assertWritten } from '../../training/choose-compute.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { targetOf } from '../../training/targets.ts';
import type { EngineContext } from '../context.ts';
import { foldName, nameOf } from './run-names.ts';

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
      name: foldName(name ?? nameOf(model, parameters, config), config.split),
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

/** What the data set lacks for a configuration is told before a run is stored. */
export function assertPossible({ split, evaluation }: RunConfig, dataset: Dataset): void {
  const { name, givenSplit, timeKind } = dataset;
  if (split.name === 'given' && !givenSplit)
    throw new WorkbenchError(
      'no-given-split',
      `The data set "${name}" came without a split of its own.`,
      'Choose another split, or import its train and test files with import-split.',
    );
  if (evaluation.candidates === 'given' && (!givenSplit || split.name !== 'given'))
    throw new WorkbenchError(
      'no-given-candidates',
      `The ${split.name} split of "${name}" has no given candidates.`,
      'Rank among all items, or import the split with its negatives file and choose the split given.',
    );
  if (split.name === 'global-time' && timeKind === 'none')
    throw new WorkbenchError(
      'no-time',
      `A split by time needs times, and the data set "${name}" has none.`,
      'Choose a random split, or import the data again with a time column.',
    );
  const ordered = split.name === 'leave-last-out' || split.name === 'user-ratio';
  if (ordered && timeKind === 'none' && split.timeOrder !== 'file')
    throw new WorkbenchError(
      'no-time',
      `The split ${split.name} goes by time, and the data set "${name}" has none.`,
      "Choose a random split, or import the data again with a time column. If each user's rows stand in the order of " +
        'time, say so: --time-order file.',
    );
  if (split.timeOrder === 'file' && timeKind !== 'none')
    throw new WorkbenchError(
      'time-known',
      `The data set "${name}" has times, so the order of its file is not read.`,
      'Leave out --time-order.',
    );
  const highest = dataset.scale?.maximum ?? 1;
  if (evaluation.positive !== null && evaluation.positive > highest)
    throw new WorkbenchError(
      'nothing-positive',
      `No rating of "${name}" is ${evaluation.positive} or more: the highest is ${highest}.`,
      'Lower the threshold of positive ratings.',
    );
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
