/** A run made elsewhere: its file is read, matched with a data set and its split, and evaluated as any run. */
import type { EvaluationConfig, SplitConfig } from '../../../shared/config.ts';
import type { RunAccounting } from '../../../shared/outside.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import { genreVectors } from '../../evaluation/genres.ts';
import { evaluateLists } from '../../evaluation/outside/outside-lists.ts';
import { evaluatePredictions } from '../../evaluation/outside/outside-predictions.ts';
import { ranksSampledCandidates } from '../../evaluation/ranking/candidates.ts';
import { makeSplit } from '../../evaluation/splits/make-split.ts';
import type { Split } from '../../ratings/split.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { allItems, userIds } from '../../store/entities.ts';
import { givenOf, readDataset } from '../../store/ratings.ts';
import type { RejectLog } from '../rejects.ts';
import { throwIfAborted } from '../abort.ts';
import type { ImportProgress } from '../types.ts';
import type { AskedColumns, RunForm } from './run-columns.ts';
import { type MatchedRows, matchRows } from './run-rows.ts';

export interface RunImport {
  readonly path: string;
  readonly form: RunForm;
  readonly columns: AskedColumns;
  /** Id. */
  readonly dataset: string;
  readonly split: SplitConfig;
  readonly evaluation: EvaluationConfig;
  /** Train + validation is what the model was trained on. */
  readonly refit: boolean;
}

export interface ImportedRun {
  readonly evaluation: Evaluation;
  /** As it was evaluated: lists are always ranked among all items. */
  readonly rule: EvaluationConfig;
  readonly split: Pick<Split, 'config' | 'hash' | 'part'>;
  readonly accounting: RunAccounting;
  readonly rejectKinds: RejectLog['kinds'];
  readonly rejects: RejectLog['first'];
  readonly notes: readonly string[];
  /** SHA-256 (hex) of the file. */
  readonly hash: string;
  readonly seconds: number;
}

/** @throws WorkbenchError `no-ratings`, and what reading and splitting throw */
export async function importRun(
  database: ReadableDatabase,
  job: RunImport,
  onProgress: (progress: ImportProgress | { readonly done: number; readonly total: number }) => void,
  signal: AbortSignal,
): Promise<ImportedRun> {
  const began = performance.now();
  const { key, dataset } = findDataset(database, job.dataset);
  const isRating = job.form === 'predictions';
  if (isRating && dataset.implicit)
    throw new WorkbenchError(
      'no-ratings',
      `"${dataset.name}" has interactions without ratings: there is nothing that a prediction could be held against.`,
      'Give the file as --lists: its scores order the items.',
    );
  const ids = {
    users: userIds(database, key),
    items: allItems(database, key).map(({ id }) => id),
    dataset: dataset.name,
  };
  const matched = await matchRows(job.path, job.form, job.columns, ids, onProgress, signal);
  throwIfAborted(signal);
  const { ratings, given, genres } = readDataset(database, dataset.id);
  const split = makeSplit(ratings, job.split, givenOf(given));
  const few = ranksSampledCandidates(job.evaluation);
  const rule: EvaluationConfig = few && !isRating ? { ...job.evaluation, candidates: 'all' } : job.evaluation;
  const request = {
    ratings,
    split,
    config: { ...rule, candidates: few ? 'all' : rule.candidates },
    refit: job.refit,
    genres: genres && genreVectors(genres),
    async tick(done: number, total: number): Promise<void> {
      onProgress({ done, total });
      await new Promise((resolve) => setImmediate(resolve));
      throwIfAborted(signal);
    },
  };
  const figures = isRating
    ? await evaluatePredictions(request, matched.rows)
    : await evaluateLists(request, matched.rows);
  const { evaluation, seenRows, tiedRows, usersWithoutList } = figures;
  const accounting: RunAccounting = {
    read: matched.read,
    imported: matched.rows.user.length - seenRows,
    rejected: matched.rejects.total,
    unknownUsers: matched.unknownUsers,
    unknownItems: matched.unknownItems,
    seenItems: seenRows,
    usersWithoutList,
    ties: tiedRows,
  };
  if (evaluation.counts.users === usersWithoutList)
    throw new WorkbenchError(
      'nothing-imported',
      `${job.path} has no ${isRating ? 'prediction of a test row' : 'list'} of any of the ${usersWithoutList} users that are tested.`,
      'Check that it was made for this split: export-split writes it.',
      { accounting, rejectKinds: matched.rejects.kinds, rejects: matched.rejects.first },
    );
  return {
    evaluation,
    rule,
    split: { config: split.config, hash: split.hash, part: split.part },
    accounting,
    rejectKinds: matched.rejects.kinds,
    rejects: matched.rejects.first,
    notes: [
      ...notesOf(job, matched, accounting, figures, evaluation.counts.users, few && !isRating),
      ...evaluation.alarms,
    ],
    hash: matched.hash,
    seconds: (performance.now() - began) / 1000,
  };
}

/** What a reader of the figures should know. */
function notesOf(
  { form, evaluation }: RunImport,
  { orderedBy, rows }: MatchedRows,
  accounting: RunAccounting,
  figures: {
    readonly leftOut: readonly string[];
    readonly complete: boolean;
    readonly longest?: number;
    readonly missing?: number;
  },
  users: number,
  isFew: boolean,
): string[] {
  const { unknownUsers, unknownItems, seenItems, rejected, usersWithoutList, ties } = accounting;
  const what = form === 'predictions' ? 'predictions' : 'lists';
  const notes: string[] = [`The ${what} were made elsewhere; they were evaluated here.`];
  const say = (count: number, text: string): void => {
    if (count > 0) notes.push(text);
  };
  if (orderedBy === 'file')
    notes.push('The file has neither scores nor ranks: its order is that of the lists.');
  if (isFew)
    notes.push(
      `The split's run ranks among ${evaluation.candidates} candidates; a list ranks among all items, so these figures do not compare with those of that run.`,
    );
  say(rejected, `${rejected} records could not be used.`);
  say(unknownUsers, `${unknownUsers} rows are of users that the data set does not have; they were left out.`);
  say(unknownItems, `${unknownItems} rows are of items that the data set does not have; they were left out.`);
  say(
    seenItems,
    `${seenItems} rows are of items that their user has in train or validation, or that are no candidates; they were left out.`,
  );
  if (form !== 'predictions') {
    say(
      usersWithoutList,
      `${usersWithoutList} of ${users} users that are tested have no list: all of their test items count as missed.`,
    );
    say(
      ties,
      `${ties} of ${rows.user.length} scores are tied within their list; they count by expectation. What may tie with the end of a list but is not in it counts as behind it.`,
    );
  }
  const { missing = 0, leftOut, complete, longest } = figures;
  say(missing, `${missing} test rows have no prediction: the mean of the training ratings stands for it.`);
  if (leftOut.length > 0) {
    const why = complete
      ? 'need genres of the items'
      : longest === undefined
        ? 'need a prediction of every item that a user has not rated'
        : `need more than the ${longest} places of the longest list, or genres of the items`;
    notes.push(`Left out: ${leftOut.join(', ')}; they ${why}.`);
  }
  return notes;
}
