/** More epochs for a run that has ended: a new run, which begins where the other one stopped. */
import type { RunConfig } from '../../../shared/config.ts';
import type { Checked } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findModel } from '../../models/registry.ts';
import { beginAt } from '../../store/checkpoints.ts';
import { findRun, type StoredRun } from '../../store/runs.ts';
import { knowsItsEnd } from '../../training/checkpoint.ts';
import type { EngineContext } from '../context.ts';
import { startRuns } from './starting.ts';

/**
 * Queues a run of the same configuration and seed with more epochs. Where the last state of the other run is kept, it goes
 * on from there; else it trains those epochs again. Either way it comes to the bits of one run with all the epochs.
 * @throws WorkbenchError `run-missing`, `run-untested`, `run-unfinished`, `no-epochs`, and what starting throws
 */
export function continueRun(
  context: Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>,
  { run: idOrName, epochs: more }: Checked<'runs.continue'>,
): string {
  const { database } = context;
  const { run } = findRun(database, idOrName);
  assertContinues(run);
  const done = run.epoch;
  const total = done + (more ?? done);
  const endedBefore = done < Number(run.parameters['epochs']);
  const config: RunConfig = {
    ...run.config,
    preset: null,
    parameters: {
      ...run.parameters,
      epochs: total,
      // Patience, or a person, ended it: now it is to go on whatever patience says.
      ...(endedBefore && { minimumEpochs: total }),
    },
    ...(run.compute && { compute: run.compute.engine, threads: run.compute.threads }),
  };
  const name = `${run.name.replace(/ to epoch \d+$/, '').slice(0, 100)} to epoch ${total}`;
  const wanted = { dataset: run.dataset, configs: [config], name, group: null };
  const [id] = startRuns(context, wanted, (child) => ({
    run: run.id,
    number: run.number,
    epoch: done,
    fromState: !knowsItsEnd(run.parameters) && beginAt(database, child, run.id),
  }));
  return id;
}

function assertContinues(run: StoredRun): void {
  if (run.status !== 'finished')
    throw new WorkbenchError(
      'run-unfinished',
      `Run "${run.name}" is ${run.status}, so there is nothing to continue yet.`,
      run.status === 'interrupted' || run.status === 'cancelled'
        ? 'Resume goes on with it.'
        : 'Wait until it has finished, or clone it.',
    );
  if (findModel(run.model)?.iterative !== true)
    throw new WorkbenchError(
      'no-epochs',
      `Run "${run.name}" has no epochs that could go on.`,
      'Models that train in one pass, and runs made elsewhere, are cloned or made again.',
    );
}
