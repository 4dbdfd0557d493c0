/**
 * The one list of methods and events between the windows (or the command line) and the engine. Every method has a
 * schema for its parameters, checked by the engine on every call, and one for its result, checked in tests.
 * Events are hints; the database is the truth: a reloaded window reads again.
 */
import * as v from 'valibot';
import { capsuleMethods } from './capsules.ts';
import { CompareQuestion, CompareResult, UserChoice } from './compare.ts';
import { EvaluationConfig, RunConfig, SplitConfig } from './config.ts';
import { Dataset, DatasetDetail, Filters } from './datasets.ts';
import { Doctor, EngineState, type ErrorShape, Job, SelfTest, Settings } from './engine.ts';
import { Exposure } from './exposure.ts';
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
import { ImportSettings, Inspection } from './imports.ts';
import { goldenMethods } from './golden.ts';
import { Explanation, itemMethods, Reasons, UsersFound, UserView, WhatIf } from './inspect.ts';
import { queueMethods } from './queue.ts';
import { Epoch, ExportFiles, ModelInfo, MoreEpochs, Run, SplitPreview, Unpinned, Versus } from './runs.ts';
import { outsideMethods, SplitChoice, WindowPoint } from './outside.ts';
import { sweepEvents, sweepMethods } from './sweeps.ts';

export * from './datasets.ts';
export * from './engine.ts';
export * from './golden.ts';
export * from './inspect.ts';
export * from './queue.ts';
export * from './runs.ts';
export * from './sweeps.ts';

const nothing = v.object({});

/** Of a CSV: an apostrophe goes before cells that a spreadsheet takes for formulas. */
const safeForSpreadsheets = v.optional(v.boolean(), false);

/** method: [parameters, result]. Data sets and runs are named by id or by name. */
export const methods = {
  'engine.state': [nothing, EngineState],
  /**
   * Ends the engine and starts the next one. Runs that train are interrupted, queued ones wait for it. Refuses while
   * imports or exports are under way.
   */
  'engine.restart': [nothing, v.object({ interrupted: list(id), queued: list(id) })],
  'engine.doctor': [v.object({ selfTest: v.optional(v.boolean(), true) }), Doctor],

  /** Takes some ten seconds; see `SelfTest`. */
  'engine.selfTest': [nothing, SelfTest],

  /** What to send along with a question about a failure, as text to read first: no ratings, no names of theirs. */
  'engine.diagnostics': [nothing, v.object({ text: text(1_000_000) })],

  'storage.usage': [
    nothing,
    v.object({
      databaseBytes: count,
      /** Of these, free pages that compacting gives back. */
      freeBytes: count,
      runs: list(v.object({ run: id, bytes: count })),
    }),
  ],
  /** Refuses while anything runs. */
  'storage.compact': [nothing, v.object({ before: count, after: count })],
  /** A copy of the whole database, taken while work goes on. */
  'storage.backup': [v.object({ path: fileOut }), jobStarted],
  /**
   * A backup takes the place of the database, once it is proven; the engine then starts again with it. The job's result
   * is `{ datasets, runs, replaced }`: `replaced` is the folder of the database that was in use.
   */
  'storage.restore': [v.object({ path: fileIn }), jobStarted],
  /** Moves all data to a new or empty folder; the engine then starts again there. The job's result is `{ from, to }`. */
  'storage.move': [v.object({ to: path }), jobStarted],

  'jobs.list': [nothing, list(Job)],
  'jobs.cancel': [v.object({ job: id }), nothing],
  /** Resolves when the job has ended, with its result; rejects with its error. */
  'jobs.wait': [v.object({ job: id }), v.unknown()],

  'datasets.list': [v.object({ archived: v.optional(v.boolean(), false) }), list(Dataset)],
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
    v.object({ dataset: id, path: fileIn }),
    v.object({ matched: count, unmatched: count }),
  ],
  'datasets.export': [
    v.object({
      dataset: id,
      path: fileOut,
      format: v.picklist(['csv', 'parquet', 'recbole']),
      safeForSpreadsheets,
    }),
    jobStarted,
  ],
  /** train.csv, validation.csv, test.csv and split.json into a folder. The job's result: `{ written }`. */
  'datasets.exportSplit': [
    v.object({ dataset: id, ...SplitChoice, path: fileOut, safeForSpreadsheets }),
    jobStarted,
  ],
  /** Writes every rejected row of the data set's import as CSV. */
  'datasets.rejects': [
    v.object({ dataset: id, path: fileOut, safeForSpreadsheets }),
    v.object({ rows: count }),
  ],

  'import.inspect': [v.object({ path: fileIn, settings: v.optional(ImportSettings, {}) }), Inspection],
  /** Full scan, nothing stored. The job's result is ImportOutcome with `dataset` null. */
  'import.check': [v.object({ path: fileIn, settings: ImportSettings }), jobStarted],
  'import.start': [v.object({ path: fileIn, name, settings: ImportSettings }), jobStarted],
  'import.split': [
    v.object({
      name,
      train: fileIn,
      test: fileIn,
      negatives: v.optional(fileIn),
      settings: v.optional(ImportSettings, {}),
    }),
    jobStarted,
  ],
  /** The mapping used last time for the same header, or null. */
  'import.remembered': [v.object({ header: list(entity, 10_000) }), v.nullable(ImportSettings)],

  'movielens.list': [
    nothing,
    list(v.object({ name: label, title: label, bytes: count, ratings: count, license: label })),
  ],
  'movielens.get': [v.object({ name: text(200) }), jobStarted],

  'models.list': [nothing, list(ModelInfo)],
  'splits.preview': [
    v.object({ dataset: id, split: SplitConfig, evaluation: v.optional(EvaluationConfig, {}) }),
    SplitPreview,
  ],
  /** One prediction a configuration, in their order. */
  'runs.predict': [
    v.object({ dataset: id, configs: list(RunConfig, 520) }),
    list(
      v.object({
        seconds: v.nullable(figure),
        memoryMb: v.nullable(figure),
        basis: label,
        /** A run of this very configuration, data and seed that has finished, else one that runs or waits. */
        sameAs: v.nullable(id),
      }),
    ),
  ],

  'runs.list': [
    v.object({
      dataset: v.optional(v.nullable(id), null),
      archived: v.optional(v.boolean(), false),
      /** Runs of higher numbers only, so many at most: thousands are read in pages. */
      after: v.optional(count, 0),
      limit: v.optional(v.nullable(whole(1, 1_000_000)), null),
    }),
    list(Run),
  ],
  'runs.get': [
    v.object({ run: id }),
    v.object({ run: Run, epochs: list(Epoch), log: list(text(), 1_000_000) }),
  ],
  /**
   * How runs differ from the baseline that is pinned for their data set, split and candidates: each pair as `compare` has
   * it, without a correction for the number of pairs, so that it changes only when the pin or the runs do. Runs of one
   * group differ by seed alone, and so does the baseline's whole group. Null where nothing is pinned or paired.
   */
  'runs.versus': [
    v.object({ groups: list(v.pipe(list(id, 1000), v.minLength(1)), 500), metric: text(200) }),
    list(v.nullable(Versus)),
  ],
  /** Makes a finished run, and with it its group of seeds, the baseline of what it compares with; or none is. */
  'runs.pin': [v.object({ run: id, pinned: v.boolean() }), v.object({ pinned: v.nullable(id) })],
  /** Queues runs that differ from a run by seeds alone, seeds that none of its group has. */
  'runs.addSeeds': [
    v.object({ run: id, count: whole(1, 100) }),
    v.object({ runs: list(id), seeds: list(seed) }),
  ],
  /** A metric over the windows of a rolling split, of a group of runs; without a metric their target. */
  'runs.overTime': [
    v.object({ group: label, metric: v.optional(v.nullable(text(200)), null) }),
    list(WindowPoint),
  ],
  'runs.start': [
    v.object({
      dataset: id,
      configs: v.pipe(list(RunConfig, 500), v.minLength(1)),
      name: v.optional(v.nullable(name), null),
      group: v.optional(v.nullable(text(200)), null),
      /** Queue even what waits or runs already. */
      again: v.optional(v.boolean(), false),
    }),
    v.object({
      runs: list(id),
      /** Those of them that waited or ran already: nothing new was queued for them. */
      already: list(v.object({ run: id, status: v.picklist(['queued', 'running']) })),
    }),
  ],
  ...queueMethods,
  ...outsideMethods,
  ...capsuleMethods,
  'runs.stop': [v.object({ run: id, when: v.picklist(['epoch', 'now']) }), nothing],
  'runs.resume': [v.object({ run: id }), Run],
  'runs.continue': [MoreEpochs, Run],
  'runs.rename': [v.object({ run: id, name }), Run],
  'runs.tag': [v.object({ runs: list(id, 10_000), tags: list(text(100), 100) }), nothing],
  'runs.note': [v.object({ run: id, note: text() }), Run],
  'runs.archive': [v.object({ runs: list(id, 10_000), archived: v.boolean() }), nothing],
  /** Out of every list but the trash, where they can be restored. */
  'runs.trash': [v.object({ runs: list(id, 10_000), trashed: v.boolean() }), Unpinned],
  /** For good. */
  'runs.delete': [v.object({ runs: list(id, 10_000) }), Unpinned],
  'runs.export': [
    v.object({ run: id, files: ExportFiles, safeForSpreadsheets }),
    v.object({ written: list(path) }),
  ],
  ...sweepMethods,

  compare: [CompareQuestion, CompareResult],
  /** Users of the leading pair: those that are meant, those that differ most first, and all of them on a grid of a and b. */
  'compare.users': [
    v.object({
      ...CompareQuestion.entries,
      lead: v.tuple([id, id]),
      among: v.optional(UserChoice, {}),
      limit: v.optional(whole(1, 10_000), 200),
    }),
    v.object({
      total: count,
      /** `half`: half a step of the grid. */
      cells: list(v.object({ a: figure, b: figure, users: count, half: figure })),
      found: UsersFound,
    }),
  ],
  /** Who and what the runs serve: fairness, exposure, figures by group of users. */
  'compare.exposure': [CompareQuestion, Exposure],
  /** Writes a comparison as one HTML file that fetches nothing. Unlike runs are refused unless `force`. */
  report: [v.object({ ...CompareQuestion.entries, path: fileOut }), v.object({ written: path })],

  recommend: [
    v.object({
      run: id,
      user: entity,
      top: v.optional(whole(1, 10_000), 10),
    }),
    v.object({
      user: entity,
      /** The run learned from a row of the user; if not, the items are the most popular ones, and `note` says so. */
      known: v.boolean(),
      note: v.nullable(text()),
      history: list(
        v.object({
          item: entity,
          title: entity,
          rating: v.nullable(figure),
          /** Under the split of the run. */
          part: v.picklist(['train', 'validation', 'test', 'later']),
        }),
      ),
      items: list(v.object({ item: entity, title: entity, score: figure, rank: count })),
    }),
  ],
  'recommend.all': [
    v.object({ run: id, path: fileOut, top: v.optional(whole(1, 10_000), 50), safeForSpreadsheets }),
    /** `unknown`: users of whom the run knows nothing; they get the most popular items. */
    v.object({ rows: count, unknown: count }),
  ],

  'inspect.users': [
    v.object({
      dataset: id,
      runs: list(id, 100),
      /** Each run stands for all seeds of its configuration: a user's figure is the mean over them. */
      byGroup: v.optional(v.boolean(), false),
      list: v.picklist(['all', 'improved', 'harmed', 'disagree', 'cold', 'heavy', 'random']),
      query: v.optional(text(1000), ''),
      metric: v.optional(v.nullable(text(200)), null),
      limit: v.optional(whole(1, 10_000), 200),
    }),
    UsersFound,
  ],
  'inspect.user': [
    v.object({ dataset: id, user: entity, runs: list(id, 100), top: v.optional(whole(1, 10_000), 10) }),
    UserView,
  ],
  'inspect.explain': [v.object({ run: id, user: entity, item: entity }), Explanation],
  'inspect.reasons': [v.object({ run: id, user: entity, item: entity }), Reasons],
  'inspect.whatIf': [
    v.object({
      run: id,
      /** Whose history is changed; null: somebody with nothing yet. */
      user: v.optional(v.nullable(entity), null),
      /** Items that are added, or rated anew; without a rating the highest of the scale. */
      add: v.optional(
        list(v.object({ item: entity, rating: v.optional(v.nullable(figure), null) }), 10_000),
        [],
      ),
      remove: v.optional(list(entity, 10_000), []),
      top: v.optional(whole(1, 10_000), 10),
    }),
    WhatIf,
  ],
  ...itemMethods,
  ...goldenMethods,
  search: [
    v.object({ text: text(1000), limit: v.optional(whole(1, 1000), 20) }),
    list(
      v.object({
        kind: v.picklist(['dataset', 'run', 'user', 'item']),
        id: entity,
        title: entity,
        dataset: v.nullable(id),
      }),
    ),
  ],

  /** Asks the project's page for the newest version; refuses unless `settings.updates` is true. */
  'updates.look': [
    nothing,
    v.object({
      /** `unknown`: this build names no page that could tell. */
      outcome: v.picklist(['newer', 'current', 'unknown']),
      latest: v.nullable(label),
      detail: label,
    }),
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
  ...sweepEvents,
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
export const Request = v.object({ id: count, method: text(100), params: v.unknown() });
export type Request = v.InferOutput<typeof Request>;
export type Answer = { id: number; result: unknown } | { id: number; error: ErrorShape };
