/** Does what the engine asks of the importer; the same code in a process of its own and inside another. */
import { copyFileSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WorkbenchError } from '../base/errors.ts';
import { openReadable } from '../store/database.ts';
import { findDataset } from '../store/datasets.ts';
import { allItems } from '../store/entities.ts';
import { deriveDataset } from './derive.ts';
import { exportDataset } from './export.ts';
import { checkFile, importFile, inspectFile } from './import.ts';
import { readItemList } from './items/attach.ts';
import type { KnownItems } from './items/columns.ts';
import { downloadMovieLens, movieLensOptions } from './movielens.ts';
import type { ImporterJob, ImporterProgress, ImporterResult } from './protocol.ts';
import { sampleDataset } from './sample.ts';
import { importSplit } from './split.ts';
import { STAGED_REJECTS, writeStaged } from './staged.ts';
import { storedDataset } from './stored.ts';
import type { Dataset, ImportOptions, ImportProgress, ImportResult, OnProgress } from './types.ts';

export type Report = (progress: ImporterProgress) => void;

/** Runs one job to its end; throws WorkbenchError. What it staged before an error is for the caller to remove. */
export async function runJob(job: ImporterJob, report: Report, signal: AbortSignal): Promise<ImporterResult> {
  switch (job.job) {
    case 'inspect':
      return { job: 'inspect', inspection: await inspectFile(job.path, job.options) };
    case 'check':
      assertRejectsFile(job.options, [job.path]);
      return { job: 'check', report: await checkFile(job.path, job.options, reading(report), signal) };
    case 'import':
      assertRejectsFile(job.options, [job.path]);
      return await staged(job.job, job.staging, job.options, (options) =>
        importFile(job.path, options, reading(report), signal),
      );
    case 'split':
      assertRejectsFile(job.options, [job.train, job.test]);
      return await staged(job.job, job.staging, job.options, (options) =>
        importSplit(job.train, job.test, { ...job.options, ...options }, reading(report), signal),
      );
    case 'download': {
      const archive = await downloadMovieLens(job.name, job.folder, {
        signal,
        onProgress: (done, total, rate) =>
          report(progressOf('Downloading', { done, total, unit: 'bytes', rate })),
      });
      return await staged(job.job, job.staging, movieLensOptions(job.name, archive), (options) =>
        importFile(archive, options, reading(report), signal),
      );
    }
    case 'sample':
      return {
        job: 'sample',
        summary: writeStaged(job.staging, sampleDataset(job.seed), null),
        report: null,
      };
    case 'derive': {
      const derived = deriveDataset(stored(job.database, job.dataset), job.filters);
      return { job: 'derive', summary: writeStaged(job.staging, derived, null), report: null };
    }
    case 'export': {
      const files = await exportDataset(stored(job.database, job.dataset), job.path, job.format, {
        signal,
        onProgress: (done, total) => report(progressOf('Writing', { done, total, unit: 'rows', rate: null })),
      });
      return { job: 'export', files };
    }
    case 'items':
      return { job: 'items', items: await readItemList(job.options, knownItems(job.database, job.dataset)) };
  }
}

/** Before anything is read: the rejects can be written, and over none of the files that are read. */
function assertRejectsFile({ rejectsOut, items }: ImportOptions, read: readonly string[]): void {
  if (rejectsOut === undefined) return;
  const refuse = (reason: string): never => {
    throw new WorkbenchError(
      'file-unusable',
      `${rejectsOut} cannot be used for the rejected records: ${reason}.`,
      'Choose another file.',
    );
  };
  if (!existsSync(dirname(rejectsOut))) refuse('its folder does not exist');
  if (!existsSync(rejectsOut)) return;
  if (statSync(rejectsOut).isDirectory()) refuse('it is a folder, not a file');
  const taken = [...read, ...(items ? [items.path] : [])].filter((path) => existsSync(path));
  if (taken.some((path) => realpathSync(path) === realpathSync(rejectsOut)))
    refuse('it is one of the files to read');
}

function knownItems(path: string, dataset: string): KnownItems {
  const database = openReadable(path);
  try {
    const { key } = findDataset(database, dataset);
    return { ids: new Set(allItems(database, key).map((item) => item.id)), column: '' };
  } finally {
    database.close();
  }
}

function stored(path: string, id: string): Dataset {
  const database = openReadable(path);
  try {
    return storedDataset(database, id);
  } finally {
    database.close();
  }
}

/** All rejects go to the staging folder, and from there to where the caller wants them as well. */
async function staged(
  job: 'import' | 'split' | 'download',
  folder: string,
  options: ImportOptions,
  read: (options: ImportOptions) => Promise<ImportResult>,
): Promise<ImporterResult> {
  mkdirSync(folder, { recursive: true });
  const rejectsOut = join(folder, STAGED_REJECTS);
  const copyRejects = (): void => {
    if (options.rejectsOut && existsSync(rejectsOut)) copyFileSync(rejectsOut, options.rejectsOut);
  };
  try {
    const { dataset, ...report } = await read({ ...options, rejectsOut });
    copyRejects();
    return { job, summary: writeStaged(folder, dataset, report), report };
  } catch (error) {
    copyRejects();
    throw error;
  }
}

const stages: Record<ImportProgress['stage'], string> = {
  read: 'Reading',
  sort: 'Sorting',
  items: 'Joining titles',
  write: 'Writing',
};

const reading =
  (report: Report): OnProgress =>
  (progress) =>
    report({
      stage: stages[progress.stage],
      done: progress.bytes,
      total: progress.totalBytes,
      unit: 'bytes',
      rate: null,
      secondsLeft: progress.eta,
      records: progress.records,
      rejected: progress.rejected,
    });

function progressOf(
  stage: string,
  { done, total, unit, rate }: Pick<ImporterProgress, 'done' | 'total' | 'unit' | 'rate'>,
): ImporterProgress {
  const secondsLeft = rate && total !== null ? (total - done) / rate : null;
  return { stage, done, total, unit, rate, secondsLeft, records: 0, rejected: 0 };
}
