/**
 * Reads a file of ratings whole: every record is imported, rejected with a reason, merged with its repeat, or
 * filtered, and the four add up to what was read.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { WorkbenchError } from '../base/errors.ts';
import { type Interpretation } from '../../shared/imports.ts';
import { RatingBuilder } from './rating-builder.ts';
import { oddIds } from './interpret/odd-ids.ts';
import { doubtfulIds, trimmedIds } from './interpret/spelling-notes.ts';
import { rejectedValues } from './interpret/rejected.ts';
import { doubtfulTimes, rangesOf, valuesRead } from './interpret/value-notes.ts';
import { asked, doubted, merged, remedy } from './interpretations.ts';
import { inspectItems } from './items/inspect-items.ts';
import { joinItems } from './items/join-items.ts';
import { fieldReader } from './read/fields.ts';
import { readParquet } from './formats/parquet.ts';
import { ratingReader } from './read/reader.ts';
import { readSegments, suitsSegments } from './read/segments.ts';
import { Meter } from './meter.ts';
import type { Plan } from './sniff/plan.ts';
import { sniff } from './sniff/sniff.ts';
import { throwIfAborted } from './abort.ts';
import { assertFile, assertUnchanged, hashFile, utf8Bytes } from './source/source.ts';
import type {
  Accounting,
  Dataset,
  ImportOptions,
  ImportReport,
  ImportResult,
  Inspection,
  OnProgress,
} from './types.ts';

const MAX_REJECTED = 5;
/** Repeated pairs below this number are no sign that the wrong columns were chosen. */
const FEW_REPEATS = 10;

/** Samples the file and explains each guess; reads no more than a few hundred kilobytes of a plain file. */
export async function inspectFile(path: string, options: ImportOptions = {}): Promise<Inspection> {
  const { plan, inspection } = await sniff(path, options);
  if (!options.items) return inspection;
  const { item } = plan.columns;
  const ids = plan.wide?.itemIds ?? inspection.preview.map(({ fields }) => fields[item] ?? '');
  const items = await inspectItems(options.items, { ids: new Set(ids), column: plan.names[item] ?? '' });
  return { ...inspection, items };
}

/** Reads the whole file and returns what an import would come to; nothing is kept. Throws as `importFile`. */
export async function checkFile(
  path: string,
  options: ImportOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<ImportReport & { fingerprint: string }> {
  const { dataset, ...report } = await importFile(path, options, onProgress, signal);
  return { ...report, fingerprint: dataset.fingerprint };
}

/**
 * Reads the file into a data set in memory.
 *
 * @throws WorkbenchError `columns-needed` where columns must be named, `too-many-rejected` and `nothing-imported` with
 *   {@link RefusedImport} as details, `file-changed`, `file-vanished`, `cancelled`, `damaged-file` …
 */
export async function importFile(
  path: string,
  options: ImportOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<ImportResult> {
  const began = performance.now();
  const { plan, inspection } = await sniff(path, options);
  if (inspection.problem) throw problemError(inspection);
  // A wrong path is said before anything is read; what is wrong inside the list ends no import.
  if (options.items) await assertFile(options.items.path);
  throwIfAborted(signal);
  return finishing(builderFor(plan, options), options, async (builder) => {
    const sourceHash = await readInto(plan, builder, options, onProgress, signal);
    onProgress?.({ ...idle(plan), stage: 'sort', records: builder.read, rejected: builder.rejects.total });
    const { dataset, report } = finished(builder, plan, options, inspection, signal);
    const joined = await joinItems(dataset, options.items, plan.names[plan.columns.item] ?? '');
    await assertUnchanged(plan.source);
    return {
      ...report,
      dataset,
      sourceHash,
      sourceBytes: plan.source.bytes,
      used: usedOptions(plan, options),
      shape: inspection.shape.value,
      itemsReport: joined.itemsReport,
      interpretations: merged(report.interpretations, [
        ...accounted(plan, report.accounting),
        ...joined.interpretations,
      ]),
      ...spentSince(began),
    };
  });
}

/** The error of a file that cannot be imported as it stands. */
export function problemError(inspection: Inspection, path?: string): WorkbenchError {
  const { code, message, hint } = inspection.problem ?? { code: 'columns-needed', message: '', hint: '' };
  const { interpretations } = inspection;
  const where = path === undefined ? message : `${path}: ${message}`;
  return new WorkbenchError(code, where, hint, { inspection, interpretations });
}

/** Codes of errors whose rejects file stays: it says why. */
const refusals: ReadonlySet<string> = new Set(['too-many-rejected', 'nothing-imported', 'mostly-repeats']);

/**
 * Reads into a builder whose rejects are closed whatever happens. A refusal says why line by line; a file that could not
 * be read whole has nothing to say, so its rejects go.
 */
export async function finishing<T>(
  builder: RatingBuilder,
  { rejectsOut }: ImportOptions,
  read: (builder: RatingBuilder) => Promise<T>,
): Promise<T> {
  try {
    return await read(builder);
  } catch (error) {
    builder.rejects.close();
    const refused = error instanceof WorkbenchError && refusals.has(error.code);
    if (rejectsOut && !refused) rmSync(rejectsOut, { force: true });
    throw error;
  }
}

/**
 * The data set of a builder that has read all, and what became of its records.
 * @throws WorkbenchError `too-many-rejected`, `nothing-imported`, `mostly-repeats`, `cancelled`
 */
export function finished(
  builder: RatingBuilder,
  plan: Plan,
  options: ImportOptions,
  inspection: Inspection,
  signal?: AbortSignal,
): {
  dataset: Dataset;
  report: Pick<
    ImportReport,
    | 'accounting'
    | 'rejectKinds'
    | 'rejects'
    | 'rejectsFile'
    | 'users'
    | 'items'
    | 'ratings'
    | 'ratingRange'
    | 'timeSpan'
    | 'interpretations'
  >;
} {
  const rejectsFile = builder.rejects.close();
  const spellings = { user: builder.spellings('user'), item: builder.spellings('item') };
  const { dataset, accounting } = builder.finish();
  throwIfAborted(signal);
  const ranges = rangesOf(dataset, plan.implicit);
  const interpretations = merged(inspection.interpretations, [
    ...trimmedIds(spellings),
    ...valuesRead(plan, builder.tally, accounting),
    ...rejectedValues(plan, builder.rejects),
    ...doubtfulTimes(ranges, dataset.ratings.item.length),
  ]);
  assertAccepted(accounting, builder, options, { ...inspection, interpretations });
  const { ratings } = dataset;
  return {
    dataset,
    report: {
      accounting,
      rejectKinds: builder.rejects.kinds,
      rejects: builder.rejects.first,
      rejectsFile,
      interpretations: [...interpretations, ...doubtfulIds(dataset), ...oddIds(dataset)],
      ratingRange: ranges.ratingRange,
      timeSpan: ranges.timeSpan,
      users: ratings.userCount,
      items: ratings.itemCount,
      ratings: ratings.item.length,
    },
  };
}

/** @param began of `performance.now()` */
export function spentSince(began: number): Pick<ImportReport, 'seconds' | 'peakMemoryMb'> {
  return {
    seconds: (performance.now() - began) / 1000,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** A builder for the plan's kind of times and the caller's rules. @param tagged see `BuildOptions` */
export function builderFor(plan: Plan, options: ImportOptions, tagged = false): RatingBuilder {
  const rowOrder = plan.timeUnit === 'order' && plan.columns.time < 0;
  const timed = plan.columns.time >= 0 || rowOrder;
  return new RatingBuilder({
    timed,
    timeKind: timed ? (plan.timeUnit === 'order' ? 'order' : 'time') : 'none',
    implicit: plan.implicit,
    duplicates: options.duplicates ?? 'last',
    scale: options.scale ?? null,
    tagged,
    rejectsFile: options.rejectsOut ?? null,
  });
}

/** Feeds the whole file to the builder; returns the SHA-256 of the file on disk. */
export async function readInto(
  plan: Plan,
  builder: RatingBuilder,
  options: ImportOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<string> {
  const meter = new Meter(plan.source.bytes, onProgress);
  const missingRating = options.missingRating ?? null;
  if (plan.format === 'parquet') {
    await readParquetInto(plan, builder, missingRating, meter, signal);
    return await hashFile(plan.source, signal);
  }
  if (suitsSegments(plan, builder)) {
    // The workers read while this thread takes the hash of the file.
    const [joined, sourceHash] = await Promise.all([
      readSegments(plan, builder, {
        missingRating,
        ...(signal && { signal }),
        onProgress: (bytes, records, rejected) => meter.update(bytes, records, rejected),
      }),
      hashFile(plan.source, signal),
    ]);
    if (joined) return sourceHash;
  }
  const hash = createHash('sha256');
  const hashed = plan.source.container === 'plain' || plan.source.container === 'gzip';
  const reader = ratingReader(plan, builder, { missingRating });
  const bytes = utf8Bytes(plan.source, plan.encoding, {
    signal,
    onBytes: (n) => meter.update(n, builder.read, builder.rejects.total),
    onRaw: (chunk) => hash.update(chunk),
  });
  for await (const chunk of bytes) reader.push(chunk);
  reader.finish();
  return hashed ? hash.digest('hex') : await hashFile(plan.source, signal);
}

async function readParquetInto(
  plan: Plan,
  builder: RatingBuilder,
  missingRating: string | null,
  meter: Meter,
  signal?: AbortSignal,
): Promise<void> {
  const { columns } = plan;
  const positions = [columns.user, columns.item, columns.rating, columns.time];
  const used = positions.filter((at) => at >= 0);
  const place = (at: number): number => (at < 0 ? -1 : used.indexOf(at));
  const narrow: Plan = {
    ...plan,
    names: used.map((at) => plan.names[at]),
    columns: {
      user: place(columns.user),
      item: place(columns.item),
      rating: place(columns.rating),
      time: place(columns.time),
    },
  };
  const take = fieldReader(narrow, builder, missingRating);
  await readParquet(
    plan.source.path,
    used,
    (fields, row) => {
      take(fields, row, () => fields.join(','));
      if ((row & 0xffff) === 0) meter.update(0, builder.read, builder.rejects.total);
    },
    signal,
  );
}

/** What a refused import carries in `details`, so that it can be shown as the accounting of one that went through. */
export interface RefusedImport {
  accounting: Accounting;
  rejectKinds: ImportReport['rejectKinds'];
  rejects: ImportReport['rejects'];
  interpretations: Interpretation[];
  inspection: Inspection;
}

/** @throws WorkbenchError where too much was rejected or nothing is left */
function assertAccepted(
  accounting: Accounting,
  builder: RatingBuilder,
  options: ImportOptions,
  inspection: Inspection,
): void {
  const { read, rejected, imported, duplicates } = accounting;
  const { kinds: rejectKinds, first: rejects } = builder.rejects;
  const { interpretations } = inspection;
  const details: RefusedImport = { accounting, rejectKinds, rejects, interpretations, inspection };
  const percent = options.maxRejected ?? MAX_REJECTED;
  if (rejected > (read * percent) / 100) {
    throw new WorkbenchError(
      'too-many-rejected',
      `${rejected} of ${read} records (${((100 * rejected) / read).toFixed(1)} %) cannot be used; the limit is ${percent} %.`,
      [
        ...remediesIn(interpretations),
        'Look at the reasons, fix the settings or the file, or raise the limit (--max-rejected).',
      ].join(' '),
      details,
    );
  }
  if (imported === 0) {
    throw new WorkbenchError(
      'nothing-imported',
      read === 0 ? 'The file holds no records.' : `None of the ${read} records is a rating.`,
      'Check the columns, the delimiter and the values declared missing.',
      details,
    );
  }
  // A person who has chosen what to do with repeats knows that there are some, and is not asked.
  if (options.duplicates === undefined && duplicates >= FEW_REPEATS && duplicates > read / 2) {
    const text = `${duplicates} of ${read} records repeat a user and an item; only ${imported} would be left.`;
    const hint = 'Check the user and item columns, and whether the file mixes records of several kinds.';
    const otherwise = [
      remedy('Merge them: keep the last of each', '--duplicates last', { duplicates: 'last' }),
    ];
    const question = asked('mostly-repeats', `${text} ${hint}`, { rows: duplicates, otherwise });
    throw new WorkbenchError(
      'mostly-repeats',
      text,
      `${hint} If they are right, say which stays: --duplicates last.`,
      { ...details, interpretations: [...interpretations, question] },
    );
  }
}

/** Options that would let rejected records in, as the hint of a refusal names them. */
function remediesIn(list: readonly Interpretation[]): string[] {
  const codes = ['rating-value', 'number-form', 'time-value'];
  return list
    .filter(({ code }) => codes.includes(code))
    .flatMap(({ text, otherwise }) => [
      text,
      ...otherwise.map(({ title, option }) => `${title}: ${option}.`),
    ]);
}

export function usedOptions(plan: Plan, options: ImportOptions): ImportOptions {
  const { columns, wide } = plan;
  const position = (at: number): number | undefined => (at < 0 ? undefined : at + 1);
  return {
    ...options,
    format: plan.format,
    encoding: plan.encoding,
    ...(plan.format === 'text'
      ? { delimiter: plan.delimiter, quote: plan.quote, header: plan.headerLine > 0 }
      : {}),
    decimal: plan.decimal,
    thousands: plan.thousands,
    ...(plan.ratingWords ? { ratingWords: plan.ratingWords } : {}),
    user: wide ? position(wide.userColumn) : position(columns.user),
    item: position(columns.item),
    rating: position(columns.rating),
    time: position(columns.time),
    timeUnit: plan.timeUnit ?? undefined,
    implicit: plan.implicit,
    ...(plan.perLine ? { userPerLine: true } : {}),
    ...(wide ? { wide: true, missing: wide.missing ?? undefined } : {}),
    member: plan.source.member ?? undefined,
    sheet: plan.source.sheet ?? undefined,
    duplicates: options.duplicates ?? 'last',
    maxRejected: options.maxRejected ?? MAX_REJECTED,
  };
}

/** What the accounts tell. */
function accounted(plan: Plan, { read, filtered, duplicates }: Accounting): Interpretation[] {
  const list: Interpretation[] = [];
  if (filtered > read / 2 && !plan.wide) {
    const text = `${filtered} of ${read} records were empty or declared missing.`;
    list.push(doubted('mostly-filtered', text, { rows: filtered }));
  }
  if (duplicates > read / 20) {
    const text = `${duplicates} of ${read} records repeat a user and an item.`;
    list.push(doubted('repeats', text, { rows: duplicates }));
  }
  return list;
}

const idle = (plan: Plan): { bytes: number; totalBytes: number; recordsPerSecond: number; eta: null } => ({
  bytes: plan.source.bytes,
  totalBytes: plan.source.bytes,
  recordsPerSecond: 0,
  eta: null,
});
