/**
 * The one list of methods and events between the windows (or the command line) and the engine. Every method has a
 * schema for its parameters, checked by the engine on every call, and one for its result, checked in tests.
 * Events are hints; the database is the truth: a reloaded window reads again.
 */
import * as v from 'valibot';
import { CompareChoices, CompareResult } from './compare.ts';
import {
  ComputeRecord,
  EvaluationConfig,
  ParameterSchema,
  RunConfig,
  runStatuses,
  SplitConfig,
} from './config.ts';
import { Accounting, ImportSettings, Inspection, Profile } from './imports.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
const count = v.number();
const nothing = v.object({});
const metrics = v.record(v.string(), v.number());

export const ErrorShape = v.object({
  code: v.string(),
  /** What happened, and where. */
  message: v.string(),
  /** How to mend it. */
  hint: v.string(),
  /** Figures that belong to the error: accounting of a refused import, the differences of unlike runs. */
  details: v.optional(v.unknown()),
});
export type ErrorShape = v.InferOutput<typeof ErrorShape>;

export const Dataset = v.object({
  id,
  name,
  users: count,
  items: count,
  ratings: count,
  fingerprint: v.string(),
  implicit: v.boolean(),
  /** Smallest and largest rating and the step between ratings; null where implicit. */
  scale: v.nullable(v.object({ minimum: v.number(), maximum: v.number(), step: v.nullable(v.number()) })),
  /** `time`: milliseconds since 1970; `order`: row order; `none`. */
  timeKind: v.picklist(['time', 'order', 'none']),
  timeSpan: v.nullable(v.object({ from: v.number(), to: v.number() })),
  bytes: count,
  runs: count,
  parent: v.nullable(id),
  archived: v.boolean(),
  sample: v.boolean(),
  titles: count,
  genres: count,
  givenSplit: v.boolean(),
  createdAt: v.number(),
});
export type Dataset = v.InferOutput<typeof Dataset>;

export const DatasetDetail = v.object({
  dataset: Dataset,
  /** File name and the format it was read with, as shown in Details. */
  source: v.record(v.string(), v.string()),
  accounting: Accounting,
  rejectKinds: v.record(v.string(), v.number()),
  profile: Profile,
});
export type DatasetDetail = v.InferOutput<typeof DatasetDetail>;

export const jobKinds = ['import', 'check', 'derive', 'download', 'export', 'sample', 'run'] as const;
export const Job = v.object({
  /** A run's job has the run's id. */
  id,
  kind: v.picklist(jobKinds),
  title: v.string(),
  status: v.picklist(['queued', 'running', 'done', 'failed', 'cancelled']),
  done: v.number(),
  /** Null while the length is unknown: show count and rate, no bar. */
  total: v.nullable(v.number()),
  unit: v.string(),
  /** Units a second, and seconds left, where known. */
  rate: v.nullable(v.number()),
  /** What the rate counts, where it is not `unit`: an import is so many bytes long, and reads so many rows a second. */
  rateUnit: v.optional(v.string()),
  secondsLeft: v.nullable(v.number()),
  stage: v.string(),
  startedAt: v.number(),
  error: v.nullable(ErrorShape),
});
export type Job = v.InferOutput<typeof Job>;

export const Epoch = v.object({
  epoch: v.number(),
  loss: v.number(),
  /** Seconds of training, evaluation left out. */
  seconds: v.number(),
  validation: metrics,
});
export type Epoch = v.InferOutput<typeof Epoch>;

export const Run = v.object({
  id,
  /** 1, 2, 3 … in order of creation; "run 7" in sentences. */
  number: v.number(),
  name: v.string(),
  dataset: id,
  datasetName: v.string(),
  fingerprint: v.string(),
  model: v.string(),
  modelTitle: v.string(),
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  status: v.picklist(runStatuses),
  config: RunConfig,
  /** Hyper-parameters with defaults filled in. */
  parameters: v.record(v.string(), v.union([v.number(), v.boolean(), v.string()])),
  seed: v.number(),
  split: v.nullable(v.object({ name: v.string(), hash: v.string() })),
  compute: v.nullable(ComputeRecord),
  /** Metric that chose the epoch, e.g. `ndcg@10`. */
  target: v.string(),
  metrics: v.object({ validation: metrics, test: metrics }),
  /** 95 % interval of the target on test, where per-user values exist. */
  interval: v.nullable(v.tuple([v.number(), v.number()])),
  epoch: v.number(),
  epochs: v.number(),
  bestEpoch: v.nullable(v.number()),
  loss: v.nullable(v.number()),
  seconds: v.object({ train: v.number(), evaluate: v.number() }),
  examplesPerSecond: v.nullable(v.number()),
  peakMemoryMb: v.nullable(v.number()),
  notes: v.array(v.string()),
  tags: v.array(v.string()),
  note: v.string(),
  archived: v.boolean(),
  group: v.nullable(v.string()),
  error: v.nullable(ErrorShape),
  createdAt: v.number(),
  startedAt: v.nullable(v.number()),
  finishedAt: v.nullable(v.number()),
});
export type Run = v.InferOutput<typeof Run>;

export const ModelInfo = v.object({
  name: v.string(),
  title: v.string(),
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  iterative: v.boolean(),
  summary: v.string(),
  goodWhen: v.string(),
  cost: v.picklist(['fast', 'medium', 'slow']),
  equation: v.string(),
  reference: v.string(),
  parameters: v.array(ParameterSchema),
  presets: v.array(
    v.object({
      name: v.string(),
      title: v.string(),
      source: v.string(),
      config: RunConfig,
    }),
  ),
});
export type ModelInfo = v.InferOutput<typeof ModelInfo>;

export const SplitPreview = v.object({
  hash: v.string(),
  counts: v.object({ train: count, validation: count, test: count }),
  users: v.object({ test: count, withoutTest: count }),
  /** A few users' rows in time order, runs of parts: drawn as bars. part 0 train, 1 validation, 2 test. */
  picture: v.array(
    v.object({ user: v.string(), segments: v.array(v.object({ part: v.number(), rows: v.number() })) }),
  ),
  /** What the split lets through, each with its figure. */
  leakage: v.array(v.object({ code: v.string(), text: v.string(), value: v.number() })),
});
export type SplitPreview = v.InferOutput<typeof SplitPreview>;

export const Filters = v.object({
  kCore: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(1000))), null),
  minimumRating: v.optional(v.nullable(v.number()), null),
  /** Ratings of at least this become 1, the others go. */
  binarise: v.optional(v.nullable(v.number()), null),
  /** Milliseconds since 1970, inclusive. */
  from: v.optional(v.nullable(v.number()), null),
  to: v.optional(v.nullable(v.number()), null),
  sampleUsers: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
  seed: v.optional(v.number(), 1),
});
export type Filters = v.InferOutput<typeof Filters>;

const ListedItem = v.object({
  item: v.string(),
  title: v.string(),
  score: v.number(),
  rank: v.number(),
  /** Held out for this user in the test part. */
  hit: v.boolean(),
  /** 1: the most rated tenth of the items, 10: the least. */
  decile: v.number(),
});

export const UserView = v.object({
  user: v.string(),
  ratings: v.number(),
  mean: v.nullable(v.number()),
  timeSpan: v.nullable(v.object({ from: v.number(), to: v.number() })),
  /** Newest first. `part` under the first run's split. */
  history: v.array(
    v.object({
      item: v.string(),
      title: v.string(),
      rating: v.nullable(v.number()),
      time: v.nullable(v.number()),
      part: v.picklist(['train', 'validation', 'test']),
      decile: v.number(),
    }),
  ),
  lists: v.array(
    v.object({ run: id, label: v.string(), hits: v.number(), metrics, items: v.array(ListedItem) }),
  ),
  summary: v.string(),
});
export type UserView = v.InferOutput<typeof UserView>;

export const Explanation = v.object({
  /** Where the item stands for this user among its candidates. */
  rank: v.nullable(v.number()),
  candidates: v.nullable(v.number()),
  score: v.number(),
  /** What the bars mean, e.g. "Score lost without each of the last five". */
  title: v.string(),
  parts: v.array(v.object({ label: v.string(), value: v.number() })),
  summary: v.string(),
});
export type Explanation = v.InferOutput<typeof Explanation>;

export const EngineState = v.object({
  status: v.picklist(['idle', 'running', 'error']),
  progress: v.nullable(v.number()),
  /** e.g. "fused, 2 threads". */
  compute: v.string(),
  version: v.string(),
  dataDir: v.string(),
  node: v.string(),
  platform: v.string(),
  threads: v.number(),
  /** Tells a restarted engine from the one before: what is known of the old one is stale. */
  startedAt: v.number(),
});

export const Doctor = v.object({
  versions: v.record(v.string(), v.string()),
  compute: v.array(
    v.object({
      engine: v.string(),
      loads: v.boolean(),
      version: v.nullable(v.string()),
      /** Why it does not load, or the file that was mapped. */
      detail: v.string(),
      gflops: v.nullable(v.number()),
    }),
  ),
  storage: v.object({ dataDir: v.string(), databaseBytes: v.number(), integrity: v.string() }),
});
export type Doctor = v.InferOutput<typeof Doctor>;

export const Settings = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  threads: v.optional(v.nullable(v.number()), null),
  compute: v.optional(v.picklist(['auto', 'fused', 'tensorflow', 'wasm', 'cpu']), 'auto'),
  /** Differences below this are of no interest, by metric. */
  smallestInteresting: v.optional(v.record(v.string(), v.number()), {}),
  /** Anything a screen wants back after a restart: open screen, selections, saved views. */
  ui: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type Settings = v.InferOutput<typeof Settings>;

const exportFiles = v.object({
  lists: v.optional(v.string()),
  split: v.optional(v.string()),
  perUser: v.optional(v.string()),
  predictions: v.optional(v.string()),
  ranks: v.optional(v.string()),
  items: v.optional(v.string()),
  factors: v.optional(v.string()),
  candidates: v.optional(v.string()),
});
const jobStarted = v.object({ job: id });

/** method: [parameters, result]. Data sets and runs are named by id or by name. */
export const methods = {
  'engine.state': [nothing, EngineState],
  'engine.doctor': [v.object({ selfTest: v.optional(v.boolean(), true) }), Doctor],

  /** What to send along with a question about a failure, as text to read first: no ratings, no names of theirs. */
  'engine.diagnostics': [nothing, v.object({ text: v.string() })],

  'storage.usage': [
    nothing,
    v.object({
      databaseBytes: count,
      /** Of these, free pages that compacting gives back. */
      freeBytes: count,
      runs: v.array(v.object({ run: id, bytes: count })),
    }),
  ],
  /** Refuses while anything runs. */
  'storage.compact': [nothing, v.object({ before: count, after: count })],
  /** A copy of the whole database, taken while work goes on. */
  'storage.backup': [v.object({ path: v.string() }), jobStarted],

  'jobs.list': [nothing, v.array(Job)],
  'jobs.cancel': [v.object({ job: id }), nothing],
  /** Resolves when the job has ended, with its result; rejects with its error. */
  'jobs.wait': [v.object({ job: id }), v.unknown()],

  'datasets.list': [v.object({ archived: v.optional(v.boolean(), false) }), v.array(Dataset)],
  'datasets.get': [v.object({ dataset: id }), DatasetDetail],
  'datasets.rename': [v.object({ dataset: id, name }), Dataset],
  'datasets.archive': [v.object({ dataset: id, archived: v.boolean() }), Dataset],
  /** Refuses while runs refer to it, unless `withRuns`. */
  'datasets.delete': [v.object({ dataset: id, withRuns: v.optional(v.boolean(), false) }), nothing],
  'datasets.sample': [v.object({ runs: v.optional(v.boolean(), true) }), jobStarted],
  'datasets.previewFilters': [
    v.object({ dataset: id, filters: Filters }),
    v.object({ users: count, items: count, ratings: count }),
  ],
  'datasets.derive': [v.object({ dataset: id, filters: Filters, name }), jobStarted],
  'datasets.attachItems': [
    v.object({ dataset: id, path: v.string() }),
    v.object({ matched: count, unmatched: count }),
  ],
  'datasets.export': [
    v.object({ dataset: id, path: v.string(), format: v.picklist(['csv', 'parquet', 'recbole']) }),
    jobStarted,
  ],
  /** Writes every rejected row of the data set's import as CSV. */
  'datasets.rejects': [v.object({ dataset: id, path: v.string() }), v.object({ rows: count })],

  'import.inspect': [v.object({ path: v.string(), settings: v.optional(ImportSettings, {}) }), Inspection],
  /** Full scan, nothing stored. The job's result is ImportOutcome with `dataset` null. */
  'import.check': [v.object({ path: v.string(), settings: ImportSettings }), jobStarted],
  'import.start': [v.object({ path: v.string(), name, settings: ImportSettings }), jobStarted],
  'import.split': [
    v.object({
      name,
      train: v.string(),
      test: v.string(),
      negatives: v.optional(v.string()),
      settings: v.optional(ImportSettings, {}),
    }),
    jobStarted,
  ],
  /** The mapping used last time for the same header, or null. */
  'import.remembered': [v.object({ header: v.array(v.string()) }), v.nullable(ImportSettings)],

  'movielens.list': [
    nothing,
    v.array(
      v.object({ name: v.string(), title: v.string(), bytes: count, ratings: count, license: v.string() }),
    ),
  ],
  'movielens.get': [v.object({ name: v.string() }), jobStarted],

  'models.list': [nothing, v.array(ModelInfo)],
  'splits.preview': [
    v.object({ dataset: id, split: SplitConfig, evaluation: v.optional(EvaluationConfig, {}) }),
    SplitPreview,
  ],
  /** One prediction a configuration, in their order. */
  'runs.predict': [
    v.object({ dataset: id, configs: v.pipe(v.array(RunConfig), v.maxLength(520)) }),
    v.array(
      v.object({
        seconds: v.nullable(v.number()),
        memoryMb: v.nullable(v.number()),
        basis: v.string(),
        /** A finished run of this very configuration, data and seed. */
        sameAs: v.nullable(id),
      }),
    ),
  ],

  'runs.list': [
    v.object({
      dataset: v.optional(v.nullable(id), null),
      archived: v.optional(v.boolean(), false),
      /** Runs of higher numbers only, so many at most: thousands are read in pages. */
      after: v.optional(v.number(), 0),
      limit: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
    }),
    v.array(Run),
  ],
  'runs.get': [
    v.object({ run: id }),
    v.object({ run: Run, epochs: v.array(Epoch), log: v.array(v.string()) }),
  ],
  /**
   * Whether runs differ from a baseline: paired by user, Wilcoxon, Holm over all groups that are asked for. Runs of one
   * group differ by seed alone: their users' values are averaged. Null where there is nothing to pair.
   */
  'runs.versus': [
    v.object({
      baseline: id,
      groups: v.pipe(v.array(v.pipe(v.array(id), v.minLength(1), v.maxLength(100))), v.maxLength(500)),
      metric: v.string(),
    }),
    v.array(v.nullable(v.object({ pValue: v.number(), adjusted: v.number() }))),
  ],
  'runs.start': [
    v.object({
      dataset: id,
      configs: v.pipe(v.array(RunConfig), v.minLength(1), v.maxLength(500)),
      name: v.optional(v.nullable(name), null),
      group: v.optional(v.nullable(v.string()), null),
    }),
    v.object({ runs: v.array(id) }),
  ],
  'runs.stop': [v.object({ run: id, when: v.picklist(['epoch', 'now']) }), nothing],
  'runs.resume': [v.object({ run: id }), Run],
  'runs.rename': [v.object({ run: id, name }), Run],
  'runs.tag': [v.object({ runs: v.array(id), tags: v.array(v.string()) }), nothing],
  'runs.note': [v.object({ run: id, note: v.pipe(v.string(), v.maxLength(10_000)) }), Run],
  'runs.archive': [v.object({ runs: v.array(id), archived: v.boolean() }), nothing],
  'runs.delete': [v.object({ runs: v.array(id) }), nothing],
  'runs.export': [v.object({ run: id, files: exportFiles }), v.object({ written: v.array(v.string()) })],

  compare: [
    v.object({
      runs: v.pipe(v.array(id), v.minLength(2), v.maxLength(30)),
      metric: v.optional(v.nullable(v.string()), null),
      force: v.optional(v.boolean(), false),
      ...CompareChoices.entries,
    }),
    CompareResult,
  ],

  recommend: [
    v.object({
      run: id,
      user: v.string(),
      top: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 10),
    }),
    v.object({
      user: v.string(),
      history: v.array(v.object({ item: v.string(), title: v.string(), rating: v.nullable(v.number()) })),
      items: v.array(v.object({ item: v.string(), title: v.string(), score: v.number(), rank: v.number() })),
    }),
  ],
  'recommend.all': [
    v.object({ run: id, path: v.string(), top: v.optional(v.number(), 50) }),
    v.object({ rows: count }),
  ],

  'inspect.users': [
    v.object({
      dataset: id,
      runs: v.array(id),
      list: v.picklist(['all', 'improved', 'harmed', 'disagree', 'cold', 'heavy', 'random']),
      query: v.optional(v.string(), ''),
      metric: v.optional(v.nullable(v.string()), null),
      limit: v.optional(v.number(), 200),
    }),
    v.object({
      column: v.string(),
      users: v.array(v.object({ user: v.string(), ratings: count, value: v.nullable(v.number()) })),
    }),
  ],
  'inspect.user': [
    v.object({ dataset: id, user: v.string(), runs: v.array(id), top: v.optional(v.number(), 10) }),
    UserView,
  ],
  'inspect.explain': [v.object({ run: id, user: v.string(), item: v.string() }), Explanation],
  'inspect.item': [
    v.object({ dataset: id, item: v.string(), runs: v.array(id) }),
    v.object({
      item: v.string(),
      title: v.string(),
      genres: v.array(v.string()),
      year: v.nullable(v.number()),
      ratings: count,
      mean: v.nullable(v.number()),
      decile: v.number(),
      exposure: v.array(v.object({ run: id, label: v.string(), lists: count })),
    }),
  ],
  search: [
    v.object({ text: v.string(), limit: v.optional(v.number(), 20) }),
    v.array(
      v.object({
        kind: v.picklist(['dataset', 'run', 'user', 'item']),
        id: v.string(),
        title: v.string(),
        dataset: v.nullable(id),
      }),
    ),
  ],

  'settings.get': [nothing, Settings],
  'settings.set': [v.object({ settings: v.partial(Settings) }), Settings],
} as const satisfies Record<string, readonly [v.GenericSchema, v.GenericSchema]>;

export type Method = keyof typeof methods;
export type Params<M extends Method> = v.InferInput<(typeof methods)[M][0]>;
export type Result<M extends Method> = v.InferOutput<(typeof methods)[M][1]>;
/** What a handler gets: parameters after validation, defaults filled in. */
export type Checked<M extends Method> = v.InferOutput<(typeof methods)[M][0]>;
/** Complete by construction: a method without a handler does not compile. */
export type Handlers = { [M in Method]: (params: Checked<M>) => Promise<Result<M>> | Result<M> };

/** event: payload. */
export const events = {
  'jobs.changed': Job,
  'runs.changed': v.object({ run: id }),
  'run.epoch': v.object({ run: id, epoch: Epoch }),
  'datasets.changed': v.object({ dataset: v.nullable(id) }),
  'engine.changed': EngineState,
  'settings.changed': Settings,
} as const;
export type EventName = keyof typeof events;
export type WorkbenchEvent = {
  [E in EventName]: { event: E; payload: v.InferOutput<(typeof events)[E]> };
}[EventName];

/** What a window sees of the engine. Electron's preload, the WebSocket client and the test fake implement it. */
export interface Transport {
  invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
}

/** On the wire (WebSocket, process ports): one request, one answer with its id; events without one. */
export const Request = v.object({ id: v.number(), method: v.string(), params: v.unknown() });
export type Request = v.InferOutput<typeof Request>;
export type Answer = { id: number; result: unknown } | { id: number; error: ErrorShape };

export { Accounting, ImportSettings, Inspection, Profile };
