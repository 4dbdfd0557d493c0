/** Data sets that come with their split in files of their own: train, test, and candidates for the test rows. */
import { WorkbenchError } from '../base/errors.ts';
import { type Interpretation } from '../../shared/imports.ts';
import type { RatingBuilder } from './rating-builder.ts';
import {
  builderFor,
  finished,
  finishing,
  problemError,
  readInto,
  spentSince,
  usedOptions,
} from './import.ts';
import { doubted, told } from './interpretations.ts';
import { joinItems } from './items/join-items.ts';
import { TEST, TRAIN } from '../ratings/ratings.ts';
import { sniff } from './sniff/sniff.ts';
import { assertFile, assertUnchanged, openSource, utf8Bytes } from './source/source.ts';
import type { Source } from './source/source.ts';
import { RecordScanner } from './text/scan.ts';
import type {
  Dataset,
  GivenCandidates,
  ImportOptions,
  ImportResult,
  OnProgress,
  SplitOptions,
} from './types.ts';

/**
 * Reads a train and a test file into one data set whose `part` says which row is which. Without a header and without
 * named columns the files are read as they are published: user, item, rating. A time counts only where both have it.
 *
 * @throws WorkbenchError as `importFile`, and `bad-negatives` where the candidates do not fit the test rows
 */
export async function importSplit(
  train: string,
  test: string,
  options: SplitOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<ImportResult> {
  const began = performance.now();
  if (options.items) await assertFile(options.items.path);
  const first = await planPart(train, options);
  const second = await planPart(test, options);
  if (first.plan.columns.time < 0 || second.plan.columns.time < 0) {
    for (const { plan } of [first, second]) {
      plan.columns.time = -1;
      if (plan.timeUnit !== 'order') plan.timeUnit = null;
    }
  }
  return finishing(builderFor(first.plan, options, true), options, async (builder) => {
    builder.file = 'train';
    const trainHash = await readInto(first.plan, builder, options, onProgress, signal);
    builder.tagRows(TRAIN);
    builder.file = 'test';
    const testHash = await readInto(second.plan, builder, options, onProgress, signal);
    builder.tagRows(TEST);
    const given =
      options.negatives === undefined ? null : await readNegatives(options.negatives, builder, signal);
    const { dataset, report } = finished(builder, first.plan, options, first.inspection, signal);
    if (given) dataset.candidates = alignCandidates(dataset, given);
    const joined = await joinItems(dataset, options.items, first.plan.names[first.plan.columns.item] ?? '');
    await assertUnchanged(first.plan.source);
    await assertUnchanged(second.plan.source);
    const { duplicates } = report.accounting;
    const interpretations: Interpretation[] = [...report.interpretations];
    if (duplicates > 0) {
      const kept = 'of a pair in both files only one row stays, in the part that it came from';
      const text = `${duplicates} records repeat a user and an item; ${kept}.`;
      interpretations.push(doubted('repeats', text, { rows: duplicates }));
    }
    const dropped = dataset.candidates?.dropped ?? 0;
    if (given && given.repeated > 0) {
      const text = `${given.repeated} given negatives repeat another of their test row and count once.`;
      interpretations.push(told('negatives-repeated', text, { rows: given.repeated }));
    }
    if (dropped > 0) {
      const text = `${dropped} given negatives equal their positive and were dropped.`;
      interpretations.push(told('negatives-positive', text, { rows: dropped }));
    }
    return {
      ...report,
      dataset,
      sourceHash: `${trainHash} ${testHash}`,
      sourceBytes: first.plan.source.bytes + second.plan.source.bytes,
      used: usedOptions(first.plan, options),
      shape: null,
      itemsReport: joined.itemsReport,
      interpretations: [...interpretations, ...joined.interpretations],
      ...spentSince(began),
    };
  });
}

async function planPart(path: string, options: ImportOptions): ReturnType<typeof sniff> {
  const sniffed = await sniff(path, options);
  const { plan, inspection } = sniffed;
  const { problem } = inspection;
  if (!problem) return sniffed;
  const named = options.user !== undefined || options.item !== undefined;
  if (problem.code === 'columns-needed' && !named && plan.headerLine === 0 && plan.columnCount >= 2) {
    const usual: ImportOptions = {
      user: 1,
      item: 2,
      ...(plan.columnCount >= 3 ? { rating: 3 } : { implicit: true }),
    };
    return await planPart(path, { ...usual, ...options, user: 1, item: 2 });
  }
  throw problemError(inspection, path);
}

interface Negatives {
  /** Item indices of the negatives by user and positive. */
  byPair: Map<number, Uint32Array>;
  dropped: number;
  /** Negatives that a line lists again. */
  repeated: number;
}

/** Key of a user and an item; exact below 2^53. */
const pairKey = (user: number, item: number): number => user * 2 ** 26 + item;

/** Lines of `(user,item)` and its negatives, tab-separated (NCF's format). */
async function readNegatives(path: string, builder: RatingBuilder, signal?: AbortSignal): Promise<Negatives> {
  const source: Source = await openSource(path);
  const byPair = new Map<number, Uint32Array>();
  const encoder = new TextEncoder();
  let dropped = 0;
  let repeated = 0;
  const fail = (line: number, text: string): never => {
    throw new WorkbenchError(
      'bad-negatives',
      `Line ${line} of ${path} is not "(user,item)" and its negatives: ${text.slice(0, 80)}`,
      'Each line should look like (0,25)<tab>1064<tab>174.',
    );
  };
  const most = 100_000;
  const scanner = new RecordScanner({ delimiter: '\t', quote: '' }, most, 0, {
    record(s) {
      if (s.suspicious && s.badlyEncoded()) fail(s.line, s.text());
      const head = /^\(\s*([^,]+?)\s*,\s*(.+?)\s*\)$/.exec(s.text(s.starts[0], s.ends[0]));
      if (!head || s.count > most) return fail(s.line, s.text());
      const [user, positive] = [head[1], head[2]].map((id) => encoder.encode(id));
      const item = builder.internItem(positive, 0, positive.length);
      const negatives = new Set<number>();
      for (let k = 1; k < s.count; k++) {
        if (s.starts[k] === s.ends[k]) continue;
        const negative = builder.internItem(s.buf, s.starts[k], s.ends[k]);
        if (negative === item) dropped++;
        else if (negatives.has(negative)) repeated++;
        else negatives.add(negative);
      }
      byPair.set(pairKey(builder.internUser(user, 0, user.length), item), Uint32Array.from(negatives));
    },
    broken: (_kind, s) => fail(s.line, s.text()),
  });
  for await (const chunk of utf8Bytes(source, 'utf-8', { signal })) scanner.push(chunk);
  scanner.finish();
  await assertUnchanged(source);
  return { byPair, dropped, repeated };
}

/** The negatives of each test row, in row order. */
function alignCandidates(dataset: Dataset, { byPair, dropped }: Negatives): GivenCandidates {
  const { ratings, part } = dataset;
  const start = [0];
  const lists: Uint32Array[] = [];
  let size = 0;
  let lacking = 0;
  for (let u = 0; u < ratings.userCount; u++) {
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) {
      if (part?.[row] !== TEST) continue;
      const list = byPair.get(pairKey(u, ratings.item[row]));
      if (!list) lacking++;
      else {
        lists.push(list);
        size += list.length;
      }
      start.push(size);
    }
  }
  if (lacking > 0) {
    throw new WorkbenchError(
      'bad-negatives',
      `${lacking} of ${start.length - 1} test rows have no given negatives.`,
      'The file of negatives must have a line for each line of the test file.',
    );
  }
  const items = new Uint32Array(size);
  lists.forEach((list, k) => items.set(list, start[k]));
  return { start: Uint32Array.from(start), items, dropped };
}
