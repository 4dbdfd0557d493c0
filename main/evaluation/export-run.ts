/**
 * The files of `export-run`: everything a run's figures follow from, as CSV with the ids of the user's own file, so
 * that anybody can compute them again. Columns are a contract with scripts: add at the end, change none.
 */
import { setImmediate } from 'node:timers/promises';
import { type ExportKind, exportKinds } from '../../shared/runs.ts';
import { csvField as field } from '../base/csv.ts';
import { TEST, TRAIN, VALIDATION, type Ratings } from '../ratings/ratings.ts';
import { WorkbenchError } from '../base/errors.ts';
import { assertOutput, writeOutput } from '../base/output.ts';
import type { RowCandidates } from './ranking/candidates.ts';
import type { Evaluation, PerUser } from './evaluation.ts';
import type { Ranking, TopLists } from './ranking/ranking.ts';
import type { Split } from '../ratings/split.ts';

export interface ExportSource {
  readonly ratings: Ratings;
  readonly split: Split;
  /** The run's model was trained on train + validation before the test. */
  readonly refit: boolean;
  /** External ids by index. */
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly titles: readonly string[] | null;
  readonly genres: readonly (readonly string[])[] | null;
  /** Results on the test part. */
  readonly perUser: Pick<PerUser, 'users' | 'values'> | null;
  readonly ranking: Omit<Ranking, 'lists'> | null;
  readonly lists: TopLists | null;
  readonly predictions: Evaluation['predictions'];
  /** The candidates that each test row was ranked among, where they were sampled or given. */
  readonly candidates: RowCandidates | null;
  /** Item factors, [items, k]: diversity follows from them where no genres are known. */
  readonly factors: { readonly items: Float32Array; readonly k: number } | null;
}

const writers: Record<ExportKind, (source: ExportSource) => Iterable<string> | null> = {
  lists: (source) => source.lists && listLines(source, source.lists),
  split: splitLines,
  perUser: (source) => source.perUser && perUserLines(source, source.perUser),
  predictions: (source) => source.predictions && predictionLines(source, source.predictions),
  ranks: (source) => source.ranking && rankLines(source, source.ranking),
  items: itemLines,
  factors: (source) => source.factors && factorLines(source, source.factors),
  candidates: (source) => source.candidates && candidateLines(source, source.candidates),
};

const absent: Partial<Record<ExportKind, string>> = {
  predictions: 'Only models of ratings predict them; leave --predictions out.',
  factors: 'Only models that score by factors have them; leave --factors out.',
  candidates: 'This run ranked among all items: they follow from split and items. Leave --candidates out.',
};

/**
 * Writes the files that are named, replacing what is there; returns their paths.
 * @param safeForSpreadsheets an apostrophe goes before cells that a spreadsheet takes for formulas
 * @throws WorkbenchError where the run has nothing of the kind (predictions of a model that only ranks).
 */
export async function exportRun(
  source: ExportSource,
  files: Partial<Record<ExportKind, string>>,
  safeForSpreadsheets = false,
): Promise<string[]> {
  const wanted = exportKinds.filter((kind) => files[kind] !== undefined);
  const found = wanted.map((kind) => {
    const lines = writers[kind](source);
    if (!lines)
      throw new WorkbenchError(
        'nothing-to-export',
        `This run has no ${kind === 'perUser' ? 'per-user values' : kind}.`,
        absent[kind] ?? 'Let the run finish first, or leave the file out.',
      );
    return { path: files[kind] as string, lines };
  });
  for (const { path } of found) assertOutput(path);
  for (const { path, lines } of found) {
    await writeOutput(
      path,
      async ({ write }) => {
        for (const chunk of chunks(lines)) {
          write(chunk);
          // Other requests of the engine are answered while a long file is written.
          await setImmediate();
        }
      },
      { safeForSpreadsheets },
    );
  }
  return found.map(({ path }) => path);
}

/** Lines of any of the files, header first, without line ends; null where the run has nothing of the kind. */
export function exportLines(source: ExportSource, kind: ExportKind): Iterable<string> | null {
  return writers[kind](source);
}

function* listLines({ userIds, itemIds }: ExportSource, lists: TopLists): Generator<string> {
  yield 'user,item,rank,score';
  for (let u = 0; u < lists.users.length; u++) {
    const user = field(userIds[lists.users[u]]);
    for (let at = lists.start[u]; at < lists.start[u + 1]; at++)
      yield `${user},${field(itemIds[lists.items[at]])},${at - lists.start[u] + 1},${full(lists.scores[at])}`;
  }
}

function* splitLines({ ratings, split, userIds, itemIds }: ExportSource): Generator<string> {
  const names: Partial<Record<number, string>> = {
    [TRAIN]: 'train',
    [VALIDATION]: 'validation',
    [TEST]: 'test',
  };
  yield 'user,item,rating,part';
  for (let u = 0; u < ratings.userCount; u++) {
    const user = field(userIds[u]);
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) {
      // Under a rolling split, rows later than the tested window are in no part and are not exported.
      const part = names[split.part[row]];
      if (part) yield `${user},${field(itemIds[ratings.item[row]])},${shortest(ratings.value[row])},${part}`;
    }
  }
}

function* perUserLines(
  { userIds }: ExportSource,
  { users, values }: Pick<PerUser, 'users' | 'values'>,
): Generator<string> {
  yield 'user,metric,value';
  const columns = Object.entries(values);
  for (let u = 0; u < users.length; u++) {
    const user = field(userIds[users[u]]);
    for (const [metric, column] of columns)
      if (!Number.isNaN(column[u])) yield `${user},${metric},${column[u]}`;
  }
}

function* predictionLines(
  source: ExportSource,
  { rows, values }: NonNullable<Evaluation['predictions']>,
): Generator<string> {
  yield 'user,item,rating,prediction';
  for (const [k, pair] of pairs(source, rows))
    yield `${pair},${shortest(source.ratings.value[rows[k]])},${full(values[k])}`;
}

function* rankLines(
  source: ExportSource,
  { rows, above, equal, candidates }: Omit<Ranking, 'lists'>,
): Generator<string> {
  yield 'user,item,above,equal,candidates';
  for (const [k, pair] of pairs(source, rows)) yield `${pair},${above[k]},${equal[k]},${candidates[k]}`;
}

function* itemLines({ ratings, split, refit, itemIds, titles, genres }: ExportSource): Generator<string> {
  const counts = new Uint32Array(ratings.itemCount);
  const trainedBelow = refit ? TEST : VALIDATION;
  for (let row = 0; row < split.part.length; row++)
    if (split.part[row] < trainedBelow) counts[ratings.item[row]]++;
  yield 'item,title,genres,trainCount';
  for (let i = 0; i < ratings.itemCount; i++)
    yield `${field(itemIds[i])},${field(titles?.[i] ?? '')},${field((genres?.[i] ?? []).join('|'))},${counts[i]}`;
}

function* factorLines(
  { itemIds }: ExportSource,
  { items, k }: NonNullable<ExportSource['factors']>,
): Generator<string> {
  yield ['item', ...Array.from({ length: k }, (_, f) => `factor${f + 1}`)].join(',');
  for (let i = 0; i < itemIds.length; i++)
    yield [field(itemIds[i]), ...Array.from(items.subarray(i * k, (i + 1) * k), full)].join(',');
}

/** Of each ranked test row the candidates beside its item: what `above` and `equal` of the ranks count. */
function* candidateLines(
  source: ExportSource,
  { start, items }: NonNullable<ExportSource['candidates']>,
): Generator<string> {
  const { ratings, split, itemIds, ranking } = source;
  const rows = ranking?.rows ?? new Uint32Array(0);
  yield 'user,item,candidate';
  // Candidates are there for every row of the part, ranked or not.
  let test = 0;
  let row = 0;
  for (const [k, pair] of pairs(source, rows)) {
    for (; row < rows[k]; row++) if (split.part[row] === TEST) test++;
    for (const candidate of items.subarray(start[test], start[test + 1]))
      if (candidate !== ratings.item[row]) yield `${pair},${field(itemIds[candidate])}`;
  }
}

/** Number and `user,item` of each of some rows, which ascend. */
function* pairs({ ratings, userIds, itemIds }: ExportSource, rows: Uint32Array): Generator<[number, string]> {
  let user = 0;
  for (let k = 0; k < rows.length; k++) {
    while (ratings.start[user + 1] <= rows[k]) user++;
    yield [k, `${field(userIds[user])},${field(itemIds[ratings.item[rows[k]]])}`];
  }
}

/** Pieces of about 64 kB, so that a file of a million lines is few writes. */
function* chunks(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line + '\n';
    if (text.length < 1 << 16) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** A float32 in nine significant digits: what it takes to read the same bits back. */
function full(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** The fewest digits that read back as the same float32: a rating as the file had it (3.3, not 3.29999995). */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return full(value);
}
