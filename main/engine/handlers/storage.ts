import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Handlers } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { compact, pagesOf, runBytes } from '../../store/usage.ts';
import type { EngineContext } from '../context.ts';
import { databasePath } from '../folder.ts';

/** Pages copied between two looks at the signal and other work: some 8 MB. */
const PAGES = 2000;

/** What the data folder cannot be without, by how their paths begin: no backup may take their place. */
const ownFiles = (dataDir: string): string[] =>
  [databasePath(dataDir), join(dataDir, 'engine.'), join(dataDir, 'checkpoints')].map((path) =>
    resolve(path),
  );

/** What the data folder takes, and copies of it. */
export function storageHandlers({
  dataDir,
  database,
  jobs,
}: EngineContext): Pick<Handlers, Extract<keyof Handlers, `storage.${string}`>> {
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
      const target = resolve(path);
      if (ownFiles(dataDir).some((own) => target.startsWith(own)))
        throw new WorkbenchError(
          'backup-in-place',
          `${path} is the database itself or another file of the data folder.`,
          'Choose another name or folder, best on another disk.',
        );
      // Written beside its name and moved there when whole: a backup that broke off replaces no good one.
      const making = `${target}.part`;
      return {
        job: jobs.start({ kind: 'export', title: 'Back up' }, async ({ signal, progress }) => {
          try {
            await database.backup(making, {
              progress({ totalPages, remainingPages }) {
                signal.throwIfAborted();
                progress({ done: totalPages - remainingPages, total: totalPages, unit: 'pages' });
                return PAGES;
              },
            });
            renameSync(making, target);
            return { bytes: statSync(target).size };
          } finally {
            if (existsSync(making)) rmSync(making);
          }
        }),
      };
    },
  };
}
