import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Handlers, Job, Result } from '../../../shared/contract.ts';
import { findAnyRun } from '../../store/runs.ts';
import { readSettings } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';
import { diagnosticsOf } from '../diagnostics.ts';
import { databasePath } from '../folder.ts';
import { testInstallation } from '../installation-test.ts';
import { selfTestOf } from '../runs/compute-test.ts';

/** The engine's own state, and its check-up. */
export function engineHandlers(
  context: EngineContext,
): Pick<Handlers, Exclude<Extract<keyof Handlers, `engine.${string}`>, 'engine.restart'>> {
  const { database, dataDir, versions, forker, jobs, events } = context;
  const startedAt = Date.now();
  const selfTest = selfTestOf(forker);
  let installation: Promise<Result<'engine.selfTest'>> | null = null;
  /** What computes the run that is under way, or would compute the next one: `auto` begins with the kernels. */
  const computing = (run: string | undefined): string => {
    const record = run === undefined ? null : findAnyRun(database, run).run.compute;
    const { compute } = readSettings(database);
    return record?.engine ?? (compute === 'auto' ? 'fused' : compute);
  };
  const state = (): Result<'engine.state'> => {
    const running = jobs.list().find((job) => isTraining(job) && job.status === 'running');
    const threads = readSettings(database).threads ?? availableParallelism();
    return {
      status: running ? 'running' : 'idle',
      progress: running?.total ? running.done / running.total : null,
      compute: `${computing(running?.id)}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      version: versions.app,
      dataDir,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      threads,
      startedAt,
    };
  };
  events.subscribe((event) => {
    if (event.event === 'jobs.changed' && isTraining(event.payload)) {
      events.emit({ event: 'engine.changed', payload: state() });
    }
  });
  return {
    'engine.state': state,
    // One at a time, as the other: who asks while it runs gets the same report.
    'engine.selfTest': () =>
      (installation ??= testInstallation(context).finally(() => (installation = null))),
    'engine.diagnostics': () => ({ text: diagnosticsOf(context) }),
    async 'engine.doctor'({ selfTest: wanted }) {
      const { integrity_check: integrity } = database.prepare('PRAGMA integrity_check').get() as {
        integrity_check: string;
      };
      return {
        versions: { ...versions },
        compute: wanted ? [...(await selfTest(readSettings(database).threads))] : [],
        storage: { dataDir, databaseBytes: statSync(databasePath(dataDir)).size, integrity },
      };
    },
  };
}

const isTraining = ({ kind }: Job): boolean => kind === 'run' || kind === 'trial';
