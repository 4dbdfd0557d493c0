import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Handlers, Result } from '../../../shared/contract.ts';
import { readSettings } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';
import { databasePath } from '../folder.ts';
import { selfTestInProcess } from '../self-test.ts';

/** The engine's own state, and its check-up. */
export function engineHandlers(context: EngineContext): Pick<Handlers, 'engine.state' | 'engine.doctor'> {
  const { database, dataDir, versions, forker, jobs, events } = context;
  const state = (): Result<'engine.state'> => {
    const running = jobs.list().find((job) => job.kind === 'run' && job.status === 'running');
    const threads = readSettings(database).threads ?? availableParallelism();
    return {
      status: running ? 'running' : 'idle',
      progress: running?.total ? running.done / running.total : null,
      compute: `${readSettings(database).compute}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      version: versions.app,
      dataDir,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      threads,
    };
  };
  events.subscribe((event) => {
    if (event.event === 'jobs.changed' && event.payload.kind === 'run') {
      events.emit({ event: 'engine.changed', payload: state() });
    }
  });
  return {
    'engine.state': state,
    async 'engine.doctor'({ selfTest }) {
      const { integrity_check: integrity } = database.prepare('PRAGMA integrity_check').get() as {
        integrity_check: string;
      };
      return {
        versions: { ...versions },
        compute: selfTest ? [...(await selfTestInProcess(forker, readSettings(database).threads))] : [],
        storage: { dataDir, databaseBytes: statSync(databasePath(dataDir)).size, integrity },
      };
    },
  };
}
