import type { Handlers } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { moveData, targetOf } from '../care/move.ts';
import { prepareRestore } from '../care/restore.ts';
import type { EngineContext } from '../context.ts';
import { dropUpload } from '../staging.ts';

/** Milliseconds in which answers and events leave before the engine ends. */
const lastWords = 200;

/** What closes the engine and opens it anew: a restored backup, other data folder, or the same once more. */
export function careHandlers({
  dataDir,
  database,
  jobs,
  queue,
  gate,
  restart,
}: EngineContext): Pick<Handlers, 'storage.restore' | 'storage.move' | 'engine.restart'> {
  const active = (): ReturnType<typeof jobs.list> =>
    jobs.list().filter(({ status }) => status === 'running' || status === 'queued');
  /** Runs are interrupted and can be resumed; of other work nothing would be kept. */
  const assertIdle = (what: string): void => {
    const [hindering] = active().filter(({ kind }) => kind !== 'run' || restart === null);
    if (!hindering) return;
    throw new WorkbenchError(
      'engine-busy',
      `${what} while "${hindering.title}" is under way.`,
      'Wait until it has ended, or cancel it.',
    );
  };
  const startAgain = (why: string): void => {
    gate.close(why);
    if (restart) setTimeout(restart, lastWords);
  };

  return {
    'storage.restore'({ path }) {
      assertIdle('A backup cannot be restored');
      const job = jobs.start({ kind: 'restore', title: 'Restore a backup' }, async (control) => {
        const restored = await prepareRestore(dataDir, path, control);
        dropUpload(dataDir, path);
        startAgain('A backup was restored, and the engine starts again with it.');
        return restored;
      });
      return { job };
    },
    'storage.move'({ to }) {
      const target = targetOf(dataDir, to);
      assertIdle('The data cannot be moved');
      const job = jobs.start({ kind: 'move', title: `Move the data to ${target}` }, async (control) => {
        gate.close('The data are being moved to another folder.');
        try {
          if (restart) await queue.close();
          await moveData(dataDir, database, target, control);
        } catch (error) {
          gate.open();
          if (restart) startAgain('The engine starts again after a move that failed.');
          throw error;
        }
        startAgain('The data were moved, and the engine starts again there.');
        return { from: dataDir, to: target };
      });
      return { job };
    },
    'engine.restart'() {
      if (restart === null)
        throw new WorkbenchError(
          'engine-busy',
          'The engine belongs to another command and ends with it.',
          'Wait until that command has ended, or end it.',
        );
      assertIdle('The engine cannot be started again');
      const runs = active().filter(({ kind }) => kind === 'run');
      const ids = (status: string): string[] =>
        runs.flatMap((job) => (job.status === status ? [job.id] : []));
      startAgain('The engine starts again.');
      return { interrupted: ids('running'), queued: ids('queued') };
    },
  };
}
