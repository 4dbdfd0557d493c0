/**
 * The one list of methods and events between the windows (or the command line) and the engine. Every method has a
 * schema for its parameters, checked by the engine on every call, and one for its result, checked in tests.
 * Events are hints; the database is the truth: a reloaded window reads again.
 */
import * as v from 'valibot';
import { CompareChoices, CompareResult } from './compare.ts';
import { EvaluationConfig, RunConfig, SplitConfig } from './config.ts';
import { Dataset, DatasetDetail, Filters } from './datasets.ts';
import { Doctor, EngineState, type ErrorShape, Job, SelfTest, Settings } from './engine.ts';
import { count, id, name } from './fields.ts';
import { ImportSettings, Inspection } from './imports.ts';
import { Explanation, UserView } from './inspect.ts';
import { Epoch, ExportFiles, ModelInfo, Run, SplitPreview } from './runs.ts';

export * from './datasets.ts';
export * from './engine.ts';
export * from './inspect.ts';
export * from './runs.ts';

const nothing = v.object({});
const jobStarted = v.object({ job: id });

/** method: [parameters, result]. Data sets and runs are named by id or by name. */
export const methods = {
  'engine.state': [nothing, EngineState],
  'engine.doctor': [v.object({ selfTest: v.optional(v.boolean(), true) }), Doctor],

  /** Takes some ten seconds; see `SelfTest`. */
  'engine.selfTest': [nothing, SelfTest],

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
  'runs.export': [v.object({ run: id, files: ExportFiles }), v.object({ written: v.array(v.string()) })],

  compare: [
    v.object({
      runs: v.pipe(v.array(id), v.minLength(2), v.maxLength(30)),
      metric: v.optional(v.nullable(v.string()), null),
      force: v.optional(v.boolean(), false),
      /** Two of the runs, for verdict, slices and distribution; left out: the two best. */
      lead: v.optional(v.tuple([id, id])),
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
      /** The run learned from a row of the user; if not, the items are the most popular ones, and `note` says so. */
      known: v.boolean(),
      note: v.nullable(v.string()),
      history: v.array(
        v.object({
          item: v.string(),
          title: v.string(),
          rating: v.nullable(v.number()),
          /** Under the split of the run. */
          part: v.picklist(['train', 'validation', 'test']),
        }),
      ),
      items: v.array(v.object({ item: v.string(), title: v.string(), score: v.number(), rank: v.number() })),
    }),
  ],
  'recommend.all': [
    v.object({ run: id, path: v.string(), top: v.optional(v.number(), 50) }),
    /** `unknown`: users of whom the run knows nothing; they get the most popular items. */
    v.object({ rows: count, unknown: count }),
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
