/** Does what the engine asks of the importer; the same code in a process of its own and inside another. */
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertOutput, type OutputOptions, writeOutput } from '../base/output.ts';
import { openReadable, type ReadableDatabase } from '../store/database.ts';
import { findDataset } from '../store/datasets.ts';
import { allItems } from '../store/entities.ts';
import { deriveDataset } from './derive.ts';
import { csvRecords } from '../base/csv.ts';
import { exportDataset } from './export.ts';
import { exportSplit } from './export-split.ts';
import { checkFile, importFile, inspectFile } from './import.ts';
import { readItemList } from './items/attach.ts';
import type { KnownItems } from './items/item-columns.ts';
import { downloadMovieLens, movieLensOptions } from './movielens.ts';
import type { ImporterJob, ImporterProgress, ImporterResult } from './importer-protocol.ts';
import { openCapsule } from './capsule/open-capsule.ts';
import { writeCapsule } from './capsule/write-capsule.ts';
import { importRun } from './outside/import-run.ts';
import { sampleDataset } from './sample-dataset.ts';
import { importSplit } from './given-split.ts';
import { STAGED_REJECTS, writeStaged } from './staged.ts';
import { storedDataset } from './stored.ts';
import type { Dataset, ImportOptions, ImportProgress, ImportResult, OnProgress } from './types.ts';

export type Report = (progress: ImporterProgress) => void;

/** Runs one job to its end; throws WorkbenchError. What it staged before an error is for the caller to remove. */
export async function runJob(job: ImporterJob, report: Report, signal: AbortSignal): Promise<ImporterResult> {
  switch (job.job) {
    case 'inspect':
      return { job: 'inspect', inspection: await inspectFile(job.path, job.options) };
    case 'check': {
      const checked = await withRejects(job.staging, job.options, [job.path], (options) =>
        checkFile(job.path, options, reading(report), signal),
      );
      return { job: 'check', report: checked };
    }
    case 'import':
      return await staged(job, job.options, [job.path], (options) =>
        importFile(job.path, options, reading(report), signal),
      );
    case 'split': {
      const { negatives } = job.options;
      const read = [job.train, job.test, ...(negatives === undefined ? [] : [negatives])];
      return await staged(job, job.options, read, (options) =>
        importSplit(job.train, job.test, { ...job.options, ...options }, reading(report), signal),
      );
    }
    case 'download': {
      const archive = await downloadMovieLens(job.name, job.folder, {
        signal,
        onProgress: (done, total, rate) =>
          report(progressOf('Downloading', { done, total, unit: 'bytes', rate })),
      });
      return await staged(job, movieLensOptions(job.name, archive), [], (options) =>
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
        safeForSpreadsheets: job.safeForSpreadsheets,
        onProgress: (done, total) => report(progressOf('Writing', { done, total, unit: 'rows', rate: null })),
      });
      return { job: 'export', files };
    }
    case 'export-split': {
      const files = await withDatabase(job.database, (database) =>
        exportSplit(database, job, signal, (done, total) =>
          report(progressOf('Writing', { done, total, unit: 'rows', rate: null })),
        ),
      );
      return { job: 'export-split', files };
    }
    case 'write-capsule':
      await withDatabase(job.database, (database) =>
        writeCapsule(database, job, signal, inParts('Writing', report)),
      );
      return { job: 'write-capsule' };
    case 'open-capsule': {
      const capsule = await withDatabase(job.database, (database) =>
        openCapsule(database, job, signal, inParts('Reading', report)),
      );
      return { job: 'open-capsule', capsule };
    }
    case 'run': {
      const imported = await withDatabase(job.database, (database) =>
        importRun(database, job, (progress) => report(runProgress(progress)), signal),
      );
      return { job: 'run', imported };
    }
    case 'items':
      return { job: 'items', items: await readItemList(job.options, knownItems(job.database, job.dataset)) };
  }
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

async function withDatabase<T>(path: string, use: (database: ReadableDatabase) => Promise<T>): Promise<T> {
  const database = openReadable(path);
  try {
    return await use(database);
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

async function staged(
  { job, staging }: Extract<ImporterJob, { job: 'import' | 'split' | 'download' }>,
  options: ImportOptions,
  paths: readonly string[],
  read: (options: ImportOptions) => Promise<ImportResult>,
): Promise<ImporterResult> {
  const { dataset, ...report } = await withRejects(staging, options, paths, read);
  return { job, summary: writeStaged(staging, dataset, report), report };
}

/**
 * All rejects go to the staging folder, and from there to where the caller wants them as well, also those of an import
 * that is refused. Before anything is read it is sure that they may go there, and over none of the files that are read.
 */
async function withRejects<T>(
  folder: string,
  options: ImportOptions,
  paths: readonly string[],
  read: (options: ImportOptions) => Promise<T>,
): Promise<T> {
  const { rejectsOut: wanted, items, safeForSpreadsheets = false } = options;
  const reading: OutputOptions = { reading: [...paths, ...(items ? [items.path] : [])] };
  if (wanted !== undefined) assertOutput(wanted, reading);
  mkdirSync(folder, { recursive: true });
  const rejectsOut = join(folder, STAGED_REJECTS);
  const copyRejects = async (): Promise<void> => {
    if (wanted === undefined || !existsSync(rejectsOut)) return;
    await writeOutput(
      wanted,
      async ({ write }) => {
        if (!safeForSpreadsheets)
          for await (const chunk of createReadStream(rejectsOut)) write(chunk as Buffer);
        else for await (const records of csvRecords(createReadStream(rejectsOut, 'utf8'))) write(records);
      },
      { ...reading, safeForSpreadsheets },
    );
  };
  try {
    const result = await read({ ...options, rejectsOut });
    await copyRejects();
    return result;
  } catch (error) {
    await copyRejects();
    throw error;
  }
}

const stages: Record<ImportProgress['stage'], string> = {
  read: 'Reading',
  sort: 'Sorting',
  items: 'Joining titles',
  write: 'Writing',
};

function runProgress(
  progress: ImportProgress | { readonly done: number; readonly total: number },
): ImporterProgress {
  if (!('done' in progress)) return readProgress(progress);
  return progressOf('Evaluating', { ...progress, unit: 'rows', rate: null });
}

const reading =
  (report: Report): OnProgress =>
  (progress) =>
    report(readProgress(progress));

function readProgress(progress: ImportProgress): ImporterProgress {
  return {
    stage: stages[progress.stage],
    done: progress.bytes,
    total: progress.totalBytes,
    unit: 'bytes',
    rate: null,
    secondsLeft: progress.eta,
    records: progress.records,
    rejected: progress.rejected,
  };
}

const inParts =
  (stage: string, report: Report) =>
  (done: number, total: number): void =>
    report(progressOf(stage, { done, total, unit: 'parts', rate: null }));

function progressOf(
  stage: string,
  { done, total, unit, rate }: Pick<ImporterProgress, 'done' | 'total' | 'unit' | 'rate'>,
): ImporterProgress {
  const secondsLeft = rate && total !== null ? (total - done) / rate : null;
  return { stage, done, total, unit, rate, secondsLeft, records: 0, rejected: 0 };
}
