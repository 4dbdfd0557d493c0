/** What an import is told, what it finds, and how it accounts for every row. */
import * as v from 'valibot';

/** A column by its header name or its position from 1. */
const column = v.union([v.string(), v.pipe(v.number(), v.integer(), v.minValue(1))]);

export const duplicatePolicies = ['last', 'first', 'mean', 'max', 'reject'] as const;
export const timeUnits = ['s', 'ms', 'us', 'ns', 'iso', 'dmy', 'mdy', 'order'] as const;

/** Everything left out is detected, and what was detected is shown. */
export const ImportSettings = v.object({
  user: v.optional(column),
  item: v.optional(column),
  rating: v.optional(column),
  time: v.optional(column),
  delimiter: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4))),
  /** One character, or empty for none. */
  quote: v.optional(v.pipe(v.string(), v.maxLength(1))),
  encoding: v.optional(v.string()),
  decimal: v.optional(v.picklist(['.', ','])),
  header: v.optional(v.boolean()),
  timeUnit: v.optional(v.picklist(timeUnits)),
  /** No column is a time, whatever its name; with `timeUnit: 'order'` the rows' order is. */
  noTime: v.optional(v.boolean()),
  implicit: v.optional(v.boolean()),
  wide: v.optional(v.boolean()),
  /** One user a line, his items behind him. */
  userPerLine: v.optional(v.boolean()),
  /** Wide: the value that means "not rated". */
  missing: v.optional(v.string()),
  /** Ratings of this text are left out as declared missing. */
  missingRating: v.optional(v.string()),
  /** Which file of a zip. */
  member: v.optional(v.string()),
  /** Which sheet of a workbook. */
  sheet: v.optional(v.string()),
  /** Second file with titles, genres, year. */
  items: v.optional(v.string()),
  itemsId: v.optional(column),
  itemsTitle: v.optional(column),
  itemsGenres: v.optional(column),
  itemsYear: v.optional(column),
  duplicates: v.optional(v.picklist(duplicatePolicies)),
  /** Per cent of the records read; over it nothing is stored. */
  maxRejected: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  /** Where to write every rejected record as CSV. */
  rejectsOut: v.optional(v.string()),
  /** Ratings outside are rejected as out of scale. */
  scale: v.optional(v.nullable(v.object({ minimum: v.number(), maximum: v.number() }))),
});
export type ImportSettings = v.InferOutput<typeof ImportSettings>;

/** What decides otherwise: the words of a button, the option of the command line, and the settings that both come to. */
export const Remedy = v.object({ title: v.string(), option: v.string(), settings: ImportSettings });
export type Remedy = v.InferOutput<typeof Remedy>;

/** `told`: likely right. `doubted`: likely not what was meant. `asked`: nothing is imported before it is decided. */
export const interpretationWeights = ['told', 'doubted', 'asked'] as const;

/** One thing in a file that was taken for something, and could have been otherwise. */
export const Interpretation = v.object({
  /** Stable name of what was interpreted, such as `wide-zeros`; at most one of a code in a list. */
  code: v.string(),
  weight: v.picklist(interpretationWeights),
  /** What was taken for what, as one or more whole sentences. */
  text: v.string(),
  /** Records (of a matrix: cells) that hang on it. */
  rows: v.number(),
  /** Whether `rows` counts sampled records alone, because the file was not read whole. */
  sampled: v.boolean(),
  otherwise: v.array(Remedy),
});
export type Interpretation = v.InferOutput<typeof Interpretation>;

/** read = imported + rejected + duplicates + filtered, exactly. */
export const Accounting = v.object({
  read: v.number(),
  imported: v.number(),
  rejected: v.number(),
  duplicates: v.number(),
  filtered: v.number(),
});
export type Accounting = v.InferOutput<typeof Accounting>;

export const Reject = v.object({
  /** First physical line of the record, from 1, header counted. */
  line: v.number(),
  kind: v.string(),
  column: v.optional(v.string()),
  found: v.string(),
  expected: v.string(),
  text: v.string(),
});
export type Reject = v.InferOutput<typeof Reject>;

/** One guess about a file: shown, editable, explained ("; in 300 of 300 sampled lines"). */
const Guess = v.object({ value: v.string(), why: v.string() });

export const Inspection = v.object({
  bytes: v.number(),
  /** csv, parquet, jsonl, json, wide … */
  format: v.string(),
  /** MovieLens, Amazon, Book-Crossing, Last.fm, Netflix, or null. */
  shape: v.nullable(v.string()),
  /** Files inside a zip; empty otherwise. */
  members: v.array(v.string()),
  /** Sheets of a workbook that hold something; empty otherwise. */
  sheets: v.array(v.string()),
  guesses: v.record(v.string(), Guess),
  columns: v.array(v.object({ name: v.string(), type: v.string(), samples: v.array(v.string()) })),
  /** First records as text, at most 100. */
  preview: v.array(v.array(v.string())),
  /** The guessed (or given) settings, complete: what an import would use. */
  settings: ImportSettings,
  /** What still has to be chosen, in words; empty when the import can go on. */
  missing: v.array(v.string()),
  interpretations: v.array(Interpretation),
});
export type Inspection = v.InferOutput<typeof Inspection>;

const Histogram = v.object({
  /** Edges of the bins, one more than counts. */
  edges: v.array(v.number()),
  counts: v.array(v.number()),
  minimum: v.number(),
  median: v.number(),
  mean: v.number(),
  maximum: v.number(),
});

export const Profile = v.object({
  perUser: Histogram,
  perItem: Histogram,
  /** Share of the ratings that the most rated share of the items takes: points [share of items, share of ratings]. */
  longTail: v.array(v.tuple([v.number(), v.number()])),
  /** Share of the ratings on the most rated tenth of the items. */
  topTenthShare: v.number(),
  values: v.array(v.object({ value: v.number(), count: v.number() })),
  mean: v.nullable(v.number()),
  density: v.number(),
  overTime: v.nullable(
    v.object({ unit: v.string(), starts: v.array(v.number()), counts: v.array(v.number()) }),
  ),
  warnings: v.array(v.object({ code: v.string(), title: v.string(), text: v.string() })),
});
export type Profile = v.InferOutput<typeof Profile>;

/** What a check or an import comes to. */
export const ImportOutcome = v.object({
  /** Null after a check: nothing is stored. */
  dataset: v.nullable(
    v.object({
      id: v.string(),
      name: v.string(),
      users: v.number(),
      items: v.number(),
      ratings: v.number(),
      fingerprint: v.string(),
    }),
  ),
  /** An existing data set with the same content, if any. */
  sameAs: v.nullable(v.object({ id: v.string(), name: v.string() })),
  users: v.number(),
  items: v.number(),
  accounting: Accounting,
  rejectKinds: v.record(v.string(), v.number()),
  /** First 100. */
  rejects: v.array(Reject),
  interpretations: v.array(Interpretation),
  seconds: v.number(),
});
export type ImportOutcome = v.InferOutput<typeof ImportOutcome>;
