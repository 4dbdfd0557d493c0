/** Trains a run again, with its configuration and compute, and compares the bits. */
import type { RunConfig } from '../../../shared/config.ts';
import { IMPORTED } from '../../../shared/outside.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findRun, updateRun } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { differencesOf } from './same-bits.ts';
import { startRuns } from './starting.ts';

/**
 * Queues the new run and a job that waits for it; the job's result is `{ run, same, differs }`, and the new run's notes
 * say what came of it.
 * @throws WorkbenchError `run-unfinished`, `imported-run`, and what starting throws
 */
export function rerun(context: EngineContext, idOrName: string): { run: string; job: string } {
  const { database, jobs, events } = context;
  const { run } = findRun(database, idOrName);
  if (run.model === IMPORTED)
    throw new WorkbenchError(
      'imported-run',
      `"${run.name}" was made elsewhere: there is nothing here to train it again with.`,
      'Make it again where it came from, and import it.',
    );
  if (run.status !== 'finished')
    throw new WorkbenchError(
      'run-unfinished',
      `Run "${run.name}" is ${run.status}: there is nothing to compare with.`,
      'Wait until it has finished.',
    );
  const config: RunConfig = {
    ...run.config,
    // What the defaults were then, not what they are now.
    parameters: run.parameters,
    // What `auto` took then, not what it would take now; as many threads.
    ...(run.compute && { compute: run.compute.engine, threads: run.compute.threads }),
  };
  const [id] = startRuns(context, {
    ...{ dataset: run.dataset, configs: [config], name: `${run.name.slice(0, 100)} again`, group: null },
  });
  const job = jobs.start(
    { kind: 'rerun', title: `Compare ${run.name} with its re-run` },
    async ({ signal }) => {
      signal.addEventListener('abort', () => context.queue.stop(id, 'now'));
      await jobs.wait(id);
      const differs = differencesOf(database, run.id, id);
      const { key, run: made } = findRun(database, id);
      const unlike = differs.filter(({ kind }) => kind === 'result').map(({ what }) => what);
      const note =
        unlike.length === 0
          ? `Trained again with the configuration of run ${run.number}: the same bits.`
          : `Trained again with the configuration of run ${run.number}: not the same bits (${unlike.slice(0, 4).join('; ')}${unlike.length > 4 ? ' …' : ''}).`;
      updateRun(database, key, { notes: [...made.notes, note] });
      events.emit({ event: 'runs.changed', payload: { run: id } });
      return { run: id, same: differs.length === 0, differs };
    },
  );
  return { run: id, job };
}
