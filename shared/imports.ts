/** What an import is told, what it finds, and how it accounts for every row. */
import * as v from 'valibot';
import {
  byName,
  count,
  entity,
  figure,
  id,
  label,
  list,
  member,
  name,
  fileIn,
  text,
  whole,
  fileOut,
} from './fields.ts';

/** A column by its header name or its position from 1. */
const column = v.union([entity, whole(1, 1_000_000)]);

export const duplicatePolicies = ['last', 'first', 'mean', 'max', 'reject'] as const;
export const thousandsMarks = ['', ',', '.', ' ', "'"] as const;
export const timeUnits = ['s', 'ms', 'us', 'ns', 'iso', 'dmy', 'mdy', 'order'] as const;

/** Everything left out is detected, and what was detected is shown. */
export const ImportSettings = v.object({
  user: v.optional(column),
  item: v.optional(column),
  rating: v.optional(column),
  time: v.optional(column),
  delimiter: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4))),
  /** One character, or empty for none. */
  quote: v.optional(text(1)),
  encoding: v.optional(text(100)),
  decimal: v.optional(v.picklist(['.', ','])),
  /** Between thousands of a rating: comma, point, space or apostrophe; empty for none. */
  thousands: v.optional(v.picklist(thousandsMarks)),
  /** What words in the rating column stand for, compared without case. */
  ratingWords: v.optional(byName(figure)),
  header: v.optional(v.boolean()),
  timeUnit: v.optional(v.picklist(timeUnits)),
  /** No column is a time, whatever its name; with `timeUnit: 'order'` the rows' order is. */
  noTime: v.optional(v.boolean()),
  implicit: v.optional(v.boolean()),
  wide: v.optional(v.boolean()),
  /** One user a line, then the items. */
  userPerLine: v.optional(v.boolean()),
  /** Wide: the value that means "not rated". */
  missing: v.optional(label),
  /** Ratings of this text are left out as declared missing. */
  missingRating: v.optional(label),
  /** Which file of a zip. */
  member: v.optional(member),
  /** Which sheet of a workbook. */
  sheet: v.optional(label),
  /** Second file with titles, genres, year. */
  items: v.optional(fileIn),
  itemsId: v.optional(column),
  itemsTitle: v.optional(column),
  itemsGenres: v.optional(column),
  itemsYear: v.optional(column),
  duplicates: v.optional(v.picklist(duplicatePolicies)),
  /** Per cent of the records read; over it nothing is stored. */
  maxRejected: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  /** Where to write every rejected record as CSV. */
  rejectsOut: v.optional(fileOut),
  /** Of that file: an apostrophe goes before cells that a spreadsheet takes for formulas. */
  safeForSpreadsheets: v.optional(v.boolean()),
  /** Ratings outside are rejected as out of scale. */
  scale: v.optional(v.nullable(v.object({ minimum: figure, maximum: figure }))),
});
export type ImportSettings = v.InferOutput<typeof ImportSettings>;

/** What decides otherwise: the words of a button, the option of the command line, and the settings that both come to. */
export const Remedy = v.object({ title: text(), option: label, settings: ImportSettings });
export type Remedy = v.InferOutput<typeof Remedy>;

/** `told`: likely right. `doubted`: likely not what was meant. `asked`: nothing is imported before it is decided. */
export const interpretationWeights = ['told', 'doubted', 'asked'] as const;

/** One thing in a file that was taken for something, and could have been otherwise. */
export const Interpretation = v.object({
  /** Stable name of what was interpreted, such as `wide-zeros`; at most one of a code in a list. */
  code: label,
  weight: v.picklist(interpretationWeights),
  /** What was taken for what, as one or more whole sentences. */
  text: text(),
  /** Records (of a matrix: cells) that hang on it. */
  rows: count,
  /** Whether `rows` counts sampled records alone, because the file was not read whole. */
  sampled: v.boolean(),
  otherwise: list(Remedy),
});
export type Interpretation = v.InferOutput<typeof Interpretation>;

/** read = imported + rejected + duplicates + filtered, exactly. */
export const Accounting = v.object({
  read: count,
  imported: count,
  rejected: count,
  duplicates: count,
  filtered: count,
});
export type Accounting = v.InferOutput<typeof Accounting>;

export const Reject = v.object({
  /** First physical line of the record, from 1, header counted. */
  line: count,
  kind: label,
  column: v.optional(entity),
  found: text(),
  expected: text(),
  text: text(),
  /** Records that this entry stands for: the cells of a matrix row that could not be split; otherwise 1. */
  records: count,
  /** Which of the two files of a given split the line is in. */
  file: v.optional(v.picklist(['train', 'test'])),
});
export type Reject = v.InferOutput<typeof Reject>;

/** One guess about a file: shown, editable, explained ("; in 300 of 300 sampled lines"). */
const Guess = v.object({ value: text(), why: text() });

/** A list of items, before it is joined. */
export const ItemsPreview = v.object({
  columns: list(v.object({ name: entity, samples: list(entity) })),
  /** Which column (name, or position from 1) is the id, title, genres, year, image; `why` where it was guessed. */
  taken: list(v.object({ role: label, column: entity, why: v.nullable(text()) })),
  /** Why it cannot be used as it stands, in words. */
  problem: v.nullable(text()),
});
export type ItemsPreview = v.InferOutput<typeof ItemsPreview>;

export const Inspection = v.object({
  bytes: count,
  /** csv, parquet, jsonl, json, wide … */
  format: label,
  /** MovieLens, Amazon, Book-Crossing, Last.fm, Netflix, or null. */
  shape: v.nullable(label),
  /** Files inside a zip; empty otherwise. */
  members: list(member),
  /** Sheets of a workbook that hold something; empty otherwise. */
  sheets: list(label),
  guesses: byName(Guess),
  columns: list(v.object({ name: entity, type: label, samples: list(entity) })),
  /** First records as text, at most 100. */
  preview: list(list(entity)),
  /** The list of items that was given; null without one. */
  items: v.nullable(ItemsPreview),
  /** The guessed (or given) settings, complete: what an import would use. */
  settings: ImportSettings,
  /** What still has to be chosen, in words; empty when the import can go on. */
  missing: list(text()),
  interpretations: list(Interpretation),
});
export type Inspection = v.InferOutput<typeof Inspection>;

const Histogram = v.object({
  /** Edges of the bins, one more than counts. */
  edges: list(figure),
  counts: list(count),
  minimum: figure,
  median: figure,
  mean: figure,
  maximum: figure,
});

export const Profile = v.object({
  perUser: Histogram,
  perItem: Histogram,
  /** Share of the ratings that the most rated share of the items takes: points [share of items, share of ratings]. */
  longTail: list(v.tuple([figure, figure])),
  /** Share of the ratings on the most rated tenth of the items. */
  topTenthShare: figure,
  values: list(v.object({ value: figure, count })),
  mean: v.nullable(figure),
  density: figure,
  overTime: v.nullable(v.object({ unit: label, starts: list(figure), counts: list(count) })),
  warnings: list(v.object({ code: label, title: label, text: text() })),
});
export type Profile = v.InferOutput<typeof Profile>;

/** What a check or an import comes to. */
export const ImportOutcome = v.object({
  /** Null after a check: nothing is stored. */
  dataset: v.nullable(
    v.object({
      id,
      name,
      users: count,
      items: count,
      ratings: count,
      fingerprint: label,
    }),
  ),
  /** An existing data set with the same content, if any. */
  sameAs: v.nullable(v.object({ id, name })),
  users: count,
  items: count,
  accounting: Accounting,
  rejectKinds: byName(count),
  /** First 100. */
  rejects: list(Reject),
  /** Lowest and highest imported rating; null for interactions without ratings. */
  ratingRange: v.nullable(v.object({ minimum: figure, maximum: figure })),
  /** First and last time, in milliseconds since 1970; null without times. */
  timeSpan: v.nullable(v.object({ first: figure, last: figure })),
  interpretations: list(Interpretation),
  seconds: figure,
});
export type ImportOutcome = v.InferOutput<typeof ImportOutcome>;
