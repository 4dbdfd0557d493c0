/** What helps to understand a failure, as text: what this machine is, what is stored, what went wrong last. */
import { availableParallelism, cpus, freemem, homedir, release, totalmem } from 'node:os';
import { runStatuses } from '../../shared/config.ts';
import { logPath, tailOf } from '../process/log-file.ts';
import { listDatasets } from '../store/datasets.ts';
import { listRuns, logOf } from '../store/runs.ts';
import { readSettings } from '../store/settings.ts';
import { pagesOf } from '../store/usage.ts';
import type { EngineContext } from './context.ts';

const FAILURES = 5;
const LINES = 10;
const LOG_LINES = 100;

/**
 * No ratings, ids or titles, and no names of data sets and runs; the home folder is written as ~. What failed runs said
 * is in it, so the person reads it before sending.
 */
export function diagnosticsOf({
  database,
  dataDir,
  jobs,
  versions,
}: Pick<EngineContext, 'database' | 'dataDir' | 'jobs' | 'versions'>): string {
  const runs = listRuns(database, { archived: true });
  const { ui: _kept, ...settings } = readSettings(database);
  const failed = runs.filter(({ run }) => run.status === 'failed' || run.status === 'interrupted');
  const report = {
    versions,
    machine: {
      system: `${process.platform} ${process.arch} ${release()}`,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryMb: { total: megabytes(totalmem()), free: megabytes(freemem()) },
      engineMemoryMb: megabytes(process.memoryUsage().rss),
    },
    settings,
    storage: { dataDir, databaseMb: megabytes(pagesOf(database).bytes) },
    datasets: listDatasets(database, true).map(({ users, items, ratings, timeKind, implicit }) => ({
      users,
      items,
      ratings,
      timeKind,
      implicit,
    })),
    runs: Object.fromEntries(
      runStatuses.map((status) => [status, runs.filter(({ run }) => run.status === status).length]),
    ),
    jobs: jobs.list().map(({ kind, status, stage, error }) => ({ kind, status, stage, error: error?.code })),
    log: tailOf(logPath(dataDir), LOG_LINES),
    failures: failed.slice(-FAILURES).map(({ key, run }) => ({
      run: run.number,
      model: run.model,
      parameters: run.parameters,
      compute: run.compute,
      status: run.status,
      epoch: run.epoch,
      error: run.error?.message,
      log: logOf(database, key).slice(-LINES),
    })),
  };
  return JSON.stringify(report, null, 2).replaceAll(JSON.stringify(homedir()).slice(1, -1), '~');
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
