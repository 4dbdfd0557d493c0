import { statSync } from 'node:fs';
import type { Handlers } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { assertOutput, writeOutput } from '../../base/output.ts';
import { backUpTo } from '../../store/backup.ts';
import { compact, pagesOf, runBytes } from '../../store/usage.ts';
import type { EngineContext } from '../context.ts';

/** What the data folder takes, and copies of it. */
export function storageHandlers({
  database,
  jobs,
}: EngineContext): Pick<Handlers, 'storage.usage' | 'storage.compact' | 'storage.backup'> {
  return {
    'storage.usage'() {
      const { bytes, free } = pagesOf(database);
      return { databaseBytes: bytes, freeBytes: free, runs: runBytes(database) };
    },
    'storage.compact'() {
      if (jobs.busy)
        throw new WorkbenchError(
          'engine-busy',
          'The database cannot be compacted while runs, imports or exports are under way.',
          'Wait until they have ended, or cancel them.',
        );
      const before = pagesOf(database).bytes;
      compact(database);
      return { before, after: pagesOf(database).bytes };
    },
    'storage.backup'({ path }) {
      assertOutput(path);
      return {
        job: jobs.start({ kind: 'export', title: 'Back up' }, async ({ signal, progress }) => {
          await writeOutput(path, (draft) =>
            backUpTo(database, draft.path, (done, total) => {
              signal.throwIfAborted();
              progress({ done, total, unit: 'pages' });
            }),
          );
          return { bytes: statSync(path).size };
        }),
      };
    },
  };
}
