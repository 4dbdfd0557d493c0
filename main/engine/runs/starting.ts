/** From configurations to queued runs: all are checked before the first is stored. */
import { randomUUID } from 'node:crypto';
import type { Checked, Result } from '../../../shared/contract.ts';
import { findDataset } from '../../store/datasets.ts';
import { runKey } from '../../../shared/run-identity.ts';
import { insertRun, type StoredRun } from '../../store/runs.ts';
import { assertWritten } from '../../training/choose-compute.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { targetOf } from '../../training/targets.ts';
import type { EngineContext } from '../context.ts';
import { modelOf } from './known-model.ts';
import { assertPossible } from '../datasets/possible.ts';
import { nameOf, partName } from './run-names.ts';
import { activeRuns, computesAlike, identityOf } from './twins.ts';

type Wanted = Omit<Checked<'runs.start'>, 'again'>;
type Context = Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>;

/**
 * Stores and queues runs; returns their ids.
 * @param parentOf the run that one of an id continues; it is asked before the run can begin
 * @throws WorkbenchError as `startMissing`
 */
export function startRuns(
  context: Context,
  wanted: Wanted,
  parentOf?: (id: string) => StoredRun['parent'],
): string[] {
  return queueRuns(context, wanted, new Map(), parentOf).runs;
}

/**
 * Stores and queues the runs that neither wait nor train yet; of those that do the same run is meant.
 * @throws WorkbenchError `unknown-model`, `unknown-parameter`, `invalid-parameter`, `dataset-missing`, `no-given-split`,
 *   `no-given-candidates`, `no-time`, `nothing-positive`, `invalid-target`, `compute-unavailable`
 */
export function startMissing(context: Context, wanted: Wanted): Result<'runs.start'> {
  return queueRuns(context, wanted, activeRuns(context.database));
}

function queueRuns(
  { database, events, queue, versions }: Context,
  { dataset: idOrName, configs, name, group }: Wanted,
  active: ReadonlyMap<string, readonly StoredRun[]>,
  parentOf: (id: string) => StoredRun['parent'] = () => null,
): Result<'runs.start'> {
  const { key: dataset, dataset: found } = findDataset(database, idOrName);
  const checked = configs.map((config) => {
    const model = modelOf(config);
    assertPossible(config, found);
    assertWritten(model, config.compute);
    return { config, model, parameters: resolveParameters(model, config.parameters, found) };
  });
  const already: Result<'runs.start'>['already'] = [];
  const runs = checked.map(({ config, model, parameters }) => {
    const alike = active.get(runKey(identityOf(found, config, parameters))) ?? [];
    const twin = alike.find((run) => computesAlike(run.config, config));
    if (twin) {
      already.push({ run: twin.id, status: twin.status === 'running' ? 'running' : 'queued' });
      return twin.id;
    }
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
      parent: parentOf(id),
      versions,
    });
    return id;
  });
  const known = new Set(already.map(({ run }) => run));
  for (const run of runs) {
    if (known.has(run)) continue;
    queue.add(run);
    events.emit({ event: 'runs.changed', payload: { run } });
  }
  events.emit({ event: 'datasets.changed', payload: { dataset: found.id } });
  return { runs, already };
}
