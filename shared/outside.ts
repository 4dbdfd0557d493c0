/** What comes from and goes to other tools and other machines: splits, runs made elsewhere, capsules. */
import * as v from 'valibot';
import { EvaluationConfig, SplitConfig } from './config.ts';
import {
  count,
  entity,
  figure,
  fileIn,
  fileOut,
  id,
  jobStarted,
  label,
  list,
  name,
  path,
  seed,
  text,
  whole,
} from './fields.ts';

/** One window of a rolling split. */
export const WindowPoint = v.object({
  run: id,
  /** From 0, in the order of time. */
  window: count,
  /** Its key, with the prefix of few candidates where there is one. */
  metric: label,
  value: figure,
  /** 95 %, over users; null where the metric is no mean over users. */
  interval: v.nullable(v.tuple([figure, figure])),
  /** First and last time of what is tested, and how many rows that is. */
  from: figure,
  to: figure,
  rows: count,
});
export type WindowPoint = v.InferOutput<typeof WindowPoint>;

/** A split: that of a run, or one that is told. */
export const SplitChoice = {
  splitOf: v.optional(v.nullable(id), null),
  split: v.optional(SplitConfig, {}),
};

/** `split.json` of an exported split: how it was made, of what. */
export const SplitFile = v.object({
  format: v.literal('recommender-workbench-split'),
  version: v.literal(1),
  hash: label,
  options: SplitConfig,
  dataset: v.object({ name: label, fingerprint: label, users: count, items: count, ratings: count }),
  rows: v.object({ train: count, validation: count, test: count, later: count }),
  /** What the numbers of the column `time` are; null: it is empty. */
  time: v.nullable(v.picklist(['milliseconds since 1970', 'order'])),
});
export type SplitFile = v.InferOutput<typeof SplitFile>;

/** What a run made elsewhere is called where models are named. */
export const IMPORTED = 'imported';

/** `lists` and `predictions` have columns; `trec`: qid Q0 docid rank score tag. */
export const runForms = ['lists', 'predictions', 'trec'] as const;

/** A column by its header name or its position from 1. */
const column = v.union([entity, whole(1, 1_000_000)]);

/** Columns that are not told are recognised by their names. */
export const RunFileColumns = v.object({
  user: v.optional(column),
  item: v.optional(column),
  score: v.optional(column),
  rank: v.optional(column),
});

/** read = imported + rejected + unknownUsers + unknownItems + seenItems, in records of the file. */
export const RunAccounting = v.object({
  read: count,
  imported: count,
  /** Records that cannot be used: no id, no number, a repeat. */
  rejected: count,
  unknownUsers: count,
  /** Of users that are known. */
  unknownItems: count,
  /** Of tested users, items of their train or validation part, or such as are no candidates. */
  seenItems: count,
  /** Tested users of whom the file has nothing. */
  usersWithoutList: count,
  /** Records of tested users with the score of another one of the same user. */
  ties: count,
});
export type RunAccounting = v.InferOutput<typeof RunAccounting>;

/** Of a run and the same trained again: a result that is not the same bits, or what may be the reason. */
export const RunDifference = v.object({
  kind: v.picklist(['result', 'reason']),
  what: label,
  before: text(),
  after: text(),
});
export type RunDifference = v.InferOutput<typeof RunDifference>;

/** method: [parameters, result], spread into the contract. */
export const outsideMethods = {
  /** A run made elsewhere. The job's result: `{ run, accounting, rejectKinds, rejects, notes }`. */
  'runs.import': [
    v.object({
      dataset: id,
      ...SplitChoice,
      /** List lengths; null: of the run whose split it is, else the usual ones. */
      k: v.optional(v.nullable(EvaluationConfig.entries.k), null),
      path: fileIn,
      form: v.picklist(runForms),
      columns: v.optional(RunFileColumns, {}),
      name,
      /** What made it, as models are named; null: the name of the run. */
      label: v.optional(v.nullable(name), null),
      /** Files of one label with seeds of their own are a group of seeds. */
      seed: v.optional(v.nullable(seed), null),
    }),
    jobStarted,
  ],
  /** Trains it again. The job's result, once that has ended: `{ run, same, differs }`, a list of RunDifference. */
  'runs.rerun': [v.object({ run: id }), v.object({ run: id, job: id })],
  /** model.json and weights.bin of TensorFlow.js, and each array as .npy and CSV, into a folder. */
  'runs.exportWeights': [v.object({ run: id, path: fileOut }), v.object({ written: list(path) })],
} as const;
