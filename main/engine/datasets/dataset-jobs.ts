/** Everything that brings data in, makes new data sets of old ones, or writes them out: as jobs, each in a process. */
import { basename, join } from 'node:path';
import type { Checked, DatasetDetail, Filters, Job, Result } from '../../../shared/contract.ts';
import type { ImportOutcome, ImportSettings, Inspection } from '../../../shared/imports.ts';
import { filterCounts } from '../../files/derive.ts';
import { movieLens, type MovieLensName, movieLensNames } from '../../files/movielens.ts';
import type { ImporterJob } from '../../files/importer-protocol.ts';
import { readStaged, removeStaged, type Staged, type StagedItem } from '../../files/staged.ts';
import type { ImportReport } from '../../files/types.ts';
import { inspectionView, optionsOf } from '../../files/views.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { Forker } from '../../process/channel.ts';
import type { WritableDatabase } from '../../store/database.ts';
import { findByFingerprint, findDataset, isNameTaken } from '../../store/datasets.ts';
import { writeMapping } from '../../store/settings.ts';
import type { Events } from '../events.ts';
import { makeOwnFolder } from '../../base/data-folder.ts';
import { databasePath } from '../folder.ts';
import { dropUpload, newStaging } from '../staging.ts';
import { ImporterProcess, type ResultOf } from './importer-process.ts';
import type { JobControl, Jobs } from '../jobs.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { type Origin, storeStaged } from './storing.ts';

/** Milliseconds that the process for previews stays after the last one. */
const previewProcessStays = 30_000;

interface Needs {
  readonly dataDir: string;
  readonly database: WritableDatabase;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly forker: Forker;
  readonly loaded: LoadedDatasets;
}

export class Importer {
  readonly #needs: Needs;
  #preview: ImporterProcess | null = null;
  #previewing = 0;
  #endPreview: NodeJS.Timeout | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Samples a file. One process serves a series of previews. */
  async inspect(path: string, settings: ImportSettings): Promise<Inspection> {
    const { inspection } = await this.#previewed({ job: 'inspect', path, options: optionsOf(settings) });
    return inspectionView(inspection, settings);
  }

  /** Rows of a list of items of the data set. */
  async readItems(path: string, dataset: string): Promise<readonly StagedItem[]> {
    const database = databasePath(this.#needs.dataDir);
    const { items } = await this.#previewed({ job: 'items', options: { path }, database, dataset });
    return items;
  }

  /** A full scan that stores nothing. */
  check(path: string, settings: ImportSettings): string {
    return this.start('check', `Check ${basename(path)}`, async (control, run, staging) => {
      const began = performance.now();
      const { report } = await run({ job: 'check', path, options: optionsOf(settings), staging });
      control.progress({ stage: 'Done' });
      const twin = findByFingerprint(this.#needs.database, report.fingerprint);
      return outcomeOf(report, null, twin && { id: twin.id, name: twin.name }, began);
    });
  }

  importFile(path: string, name: string, settings: ImportSettings): string {
    this.#refuseTakenName(name);
    return this.start('import', `Import ${basename(path)}`, async (control, run, staging) => {
      const began = performance.now();
      const options = optionsOf(settings);
      const { inspection } = await run({ job: 'inspect', path, options });
      const report = reportOf(await run({ job: 'import', path, options, staging }));
      const view = inspectionView(inspection, settings);
      const { user, item, rating, time } = view.settings;
      const source = { file: basename(path), ...shownOptions({ ...report.used, user, item, rating, time }) };
      const stored = await this.#store(staging, { name, source, parent: null, sample: false }, control);
      this.#rememberMapping(view);
      for (const read of [path, settings.items]) if (read) dropUpload(this.#needs.dataDir, read);
      return outcomeOf(report, stored.dataset, stored.sameAs, began);
    });
  }

  importSplit({ name, train, test, negatives, settings }: Checked<'import.split'>): string {
    this.#refuseTakenName(name);
    return this.start(
      'import',
      `Import ${basename(train)} and ${basename(test)}`,
      async (control, run, staging) => {
        const began = performance.now();
        const options = { ...optionsOf(settings), ...(negatives === undefined ? {} : { negatives }) };
        const report = reportOf(await run({ job: 'split', train, test, options, staging }));
        const source = {
          file: basename(train),
          test: basename(test),
          ...(negatives && { negatives: basename(negatives) }),
        };
        const stored = await this.#store(staging, { name, source, parent: null, sample: false }, control);
        return outcomeOf(report, stored.dataset, stored.sameAs, began);
      },
    );
  }

  /** The sample under a free name; `afterwards` gets its id. Result: `{ dataset }`. */
  sample(afterwards: (dataset: string) => void): string {
    return this.start('sample', 'Make the sample', async (control, run, staging) => {
      await run({ job: 'sample', seed: 1, staging });
      const name = this.freeName('Sample (synthetic)');
      const source = { file: 'made by the app', seed: '1' };
      const { dataset } = await this.#store(staging, { name, source, parent: null, sample: true }, control);
      afterwards(dataset.id);
      return { dataset: dataset.id };
    });
  }

  /** What filters would leave. */
  previewFilters(idOrName: string, filters: Filters): Result<'datasets.previewFilters'> {
    const { dataset } = findDataset(this.#needs.database, idOrName);
    return filterCounts(this.#needs.loaded.get(dataset.id).ratings, filters);
  }

  /** A filtered version that keeps its parent. Result: `{ dataset }`. */
  derive(idOrName: string, filters: Filters, name: string): string {
    this.#refuseTakenName(name);
    if (!Object.entries(filters).some(([filter, value]) => filter !== 'seed' && value !== null)) {
      throw new WorkbenchError(
        'no-filter',
        'Without a filter the new data set would be a copy.',
        'Give at least one filter.',
      );
    }
    const { dataset } = findDataset(this.#needs.database, idOrName);
    const year = [filters.from, filters.to].find((time) => time !== null && time >= 1000 && time <= 9999);
    if (dataset.timeKind === 'time' && typeof year === 'number') {
      throw new WorkbenchError(
        'not-a-moment',
        `${year} is taken for milliseconds since 1970, which is before any rating.`,
        `Write a date, as ${year}-01-01.`,
      );
    }
    const database = databasePath(this.#needs.dataDir);
    return this.start('derive', `Make ${name}`, async (control, run, staging) => {
      await run({ job: 'derive', database, dataset: dataset.id, filters, staging });
      const given = Object.entries(filters).filter(([, value]) => value !== null);
      const source = {
        file: dataset.name,
        ...Object.fromEntries(given.map(([key, value]) => [key, String(value)])),
      };
      const stored = await this.#store(staging, { name, source, parent: dataset.id, sample: false }, control);
      return { dataset: stored.dataset.id };
    });
  }

  /** @throws WorkbenchError `not-csv`, and what `writeOutput` refuses */
  exportTo({ dataset: idOrName, path, format, safeForSpreadsheets }: Checked<'datasets.export'>): string {
    const { dataset } = findDataset(this.#needs.database, idOrName);
    if (safeForSpreadsheets && format !== 'csv')
      throw new WorkbenchError(
        'not-csv',
        `Only CSV is opened by spreadsheets; this is ${format}.`,
        'Leave the apostrophes out, or export CSV.',
      );
    const database = databasePath(this.#needs.dataDir);
    return this.start('export', `Export ${dataset.name}`, async (_, run) => {
      const { files } = await run({
        job: 'export',
        database,
        dataset: dataset.id,
        path,
        format,
        safeForSpreadsheets,
      });
      return { files };
    });
  }

  movieLens(): Result<'movielens.list'> {
    return movieLensNames.map((name) => {
      const { title, bytes, ratings, licence } = movieLens[name];
      return { name, title, bytes, ratings, license: licence };
    });
  }

  /** Downloads and imports. A download that broke off goes on where it was. @throws WorkbenchError `unknown-movielens` */
  getMovieLens(wanted: string): string {
    const name = movieLensNames.find((known) => known === wanted);
    if (!name) {
      throw new WorkbenchError(
        'unknown-movielens',
        `There is no MovieLens data set "${wanted}".`,
        `There are: ${movieLensNames.join(', ')}.`,
      );
    }
    return this.#download(name);
  }

  #download(name: MovieLensName): string {
    const folder = join(this.#needs.dataDir, 'downloads');
    const { title } = movieLens[name];
    return this.start('download', `Get ${title}`, async (control, run, staging) => {
      const began = performance.now();
      makeOwnFolder(folder);
      const report = reportOf(await run({ job: 'download', name, folder, staging }));
      const source = { file: name, from: 'grouplens.org' };
      const origin = { name: this.freeName(title), source, parent: null, sample: false };
      const stored = await this.#store(staging, origin, control);
      return outcomeOf(report, stored.dataset, stored.sameAs, began);
    });
  }

  /** A job in an importer of its own, with a staging folder that is gone afterwards. */
  start<T>(
    kind: Job['kind'],
    title: string,
    work: (
      control: JobControl,
      run: <J extends ImporterJob>(job: J) => Promise<ResultOf<J['job']>>,
      staging: string,
    ) => Promise<T>,
  ): string {
    const { jobs, forker, dataDir } = this.#needs;
    return jobs.start({ kind, title }, async (control) => {
      const staging = newStaging(dataDir);
      const importer = new ImporterProcess(forker);
      const began = performance.now();
      try {
        const run = <J extends ImporterJob>(job: J): Promise<ResultOf<J['job']>> =>
          importer.run(job, control.signal, ({ records, ...progress }) => {
            const { stage, done, total, unit, rate, secondsLeft } = progress;
            const seconds = (performance.now() - began) / 1000;
            const ofRows =
              rate === null && records > 0 ? { rate: records / seconds, rateUnit: 'rows' } : { rate };
            control.progress({ stage, done, total, unit, secondsLeft, ...ofRows });
          });
        return await work(control, run, staging);
      } finally {
        // The importer is stopped first: while it writes, it would create the staging folder again.
        await importer.stop();
        removeStaged(staging);
      }
    });
  }

  async #store(
    staging: string,
    origin: Origin,
    control: JobControl,
  ): Promise<{ dataset: NonNullable<ImportOutcome['dataset']>; sameAs: ImportOutcome['sameAs'] }> {
    const { database, events } = this.#needs;
    const staged: Staged = readStaged(staging);
    const twin = findByFingerprint(database, staged.summary.fingerprint);
    control.progress({ stage: 'Storing', secondsLeft: null });
    const id = await storeStaged(database, staged, origin, control.signal);
    events.emit({ event: 'datasets.changed', payload: { dataset: id } });
    const { users, items, ratings, fingerprint } = staged.summary;
    return {
      dataset: { id, name: origin.name, users, items, ratings, fingerprint },
      sameAs: twin && { id: twin.id, name: twin.name },
    };
  }

  /** Remembers how the columns were mapped, so that the next file with the same header starts from it. */
  #rememberMapping({ columns, settings }: Inspection): void {
    const header = columns.map((column) => column.name);
    if (!settings.header || header.includes('')) return;
    const { user, item, rating, time, timeUnit } = settings;
    const mapping = Object.entries({ user, item, rating, time, timeUnit }).filter(
      ([, value]) => value !== undefined,
    );
    writeMapping(this.#needs.database, header, Object.fromEntries(mapping));
  }

  async #previewed<J extends ImporterJob>(job: J): Promise<ResultOf<J['job']>> {
    if (!this.#preview || this.#preview.hasEnded) this.#preview = new ImporterProcess(this.#needs.forker);
    clearTimeout(this.#endPreview);
    this.#previewing++;
    try {
      return await this.#preview.run(job);
    } finally {
      if (--this.#previewing === 0)
        this.#endPreview = setTimeout(() => this.close(), previewProcessStays).unref();
    }
  }

  /** Ends the process for previews. */
  close(): void {
    clearTimeout(this.#endPreview);
    void this.#preview?.stop();
    this.#preview = null;
  }

  #refuseTakenName(name: string): void {
    if (!isNameTaken(this.#needs.database, name)) return;
    throw new WorkbenchError(
      'name-taken',
      `There is a data set "${name}" already.`,
      'Choose another name, or delete or rename the other one first.',
    );
  }

  /** The name, with a number where it is taken. */
  freeName(name: string): string {
    for (let k = 1; ; k++) {
      const candidate = k === 1 ? name : `${name} ${k}`;
      if (!isNameTaken(this.#needs.database, candidate)) return candidate;
    }
  }
}

/** Of a job that reads a file; before anything is stored. */
function reportOf({ report }: { readonly report: ImportReport | null }): ImportReport {
  if (!report) throw new Error('An import came without its report.');
  return report;
}

function outcomeOf(
  report: ImportReport,
  dataset: ImportOutcome['dataset'],
  sameAs: ImportOutcome['sameAs'],
  began: number,
): ImportOutcome {
  const { accounting, rejectKinds, rejects, interpretations, users, items, ratingRange, timeSpan } = report;
  return {
    dataset,
    sameAs,
    users,
    items,
    accounting,
    rejectKinds: Object.fromEntries(Object.entries(rejectKinds)),
    rejects: [...rejects],
    ratingRange,
    timeSpan,
    interpretations,
    seconds: (performance.now() - began) / 1000,
  };
}

/** Settings that say nothing of how a file was read. */
const outputs = new Set(['rejectsOut', 'safeForSpreadsheets']);

/** The format that a file was read with, in words. */
function shownOptions(options: object): DatasetDetail['source'] {
  const shown = Object.entries(options).filter(
    ([name, value]) => value !== undefined && typeof value !== 'object' && !outputs.has(name),
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, value === '\t' ? 'tab' : String(value)]));
}
