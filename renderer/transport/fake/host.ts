/** An engine in memory: plausible data and live runs, for tests and pictures of the screens. Never in a package. */
import type { Handlers, Method, Params, Result, WorkbenchEvent } from '../../../shared/contract.ts';
import { WorkbenchError, type Host } from '../host.ts';
import { compareRuns } from './compare.ts';
import { datasetOf, detailOf, fakeDatasets } from './datasets.ts';
import { inspectionOf, outcomeOf } from './imports.ts';
import { explanationOf, itemOf, titleOf, usersOf, viewOf } from './inspect.ts';
import { fakeModels } from './models.ts';
import { hashed } from './random.ts';
import { FakeEngine } from './engine.ts';
import type { FakeOptions } from './types.ts';

const fail = (code: string, message: string, hint: string): never => {
  throw new WorkbenchError({ code, message, hint });
};

/** Handlers over the engine's memory: one for every method of the contract. */
export function fakeHandlers(engine: FakeEngine): Handlers {
  const nothing = () => ({});
  return {
    'engine.state': () => engine.state(),
    'engine.doctor': () => engine.doctor(),
    'engine.selfTest': () => engine.selfTest(),
    'engine.diagnostics': () => ({ text: JSON.stringify(engine.doctor().versions, null, 2) }),
    'storage.usage': () => ({
      databaseBytes: engine.doctor().storage.databaseBytes,
      freeBytes: 12_000_000,
      runs: [...engine.runs.values()].map(({ run }) => ({ run: run.id, bytes: 40_000 * run.number })),
    }),
    'storage.compact': () => ({ before: 71_000_000, after: 59_000_000 }),
    'storage.backup': () => engine.startJob('export', 'Back up', () => ({ bytes: 59_000_000 })),
    'jobs.list': () => engine.jobs(),
    'jobs.cancel': ({ job }) => (engine.cancel(job), {}),
    'jobs.wait': ({ job }) => engine.wait(job),
    'datasets.list': ({ archived }) => engine.datasets.filter((dataset) => archived || !dataset.archived),
    'datasets.get': ({ dataset }) => detailOf(engine.dataset(dataset)),
    'datasets.rename': ({ dataset, name }) => engine.changeDataset(dataset, { name }),
    'datasets.archive': ({ dataset, archived }) => engine.changeDataset(dataset, { archived }),
    'datasets.delete': ({ dataset, withRuns }) => {
      const { runs, id } = engine.dataset(dataset);
      if (runs > 0 && !withRuns) {
        fail(
          'in-use',
          `${runs} runs of this data set use it, so it cannot be deleted.`,
          'Archive it instead.',
        );
      }
      engine.removeDataset(id);
      return {};
    },
    'datasets.sample': () => engine.startSample(),
    'datasets.previewFilters': ({ dataset, filters }) => {
      const { users, items, ratings } = engine.dataset(dataset);
      const core = filters.kCore ? Math.exp(-filters.kCore / 40) : 1;
      const positive = filters.binarise ? 0.55 : filters.minimumRating ? 0.8 : 1;
      return {
        users: Math.round(users * Math.sqrt(core)),
        items: Math.round(items * core * (filters.kCore ? 0.7 : 1)),
        ratings: Math.round(ratings * positive * core),
      };
    },
    'datasets.derive': ({ dataset, name }) =>
      engine.startJob('derive', `Derive ${name}`, () => {
        const parent = engine.dataset(dataset);
        engine.addDataset(datasetOf(`derived-${engine.datasets.length}`, name, { parent: parent.id }));
        return {};
      }),
    'datasets.attachItems': () => ({ matched: 1680, unmatched: 2 }),
    'datasets.export': ({ dataset }) =>
      engine.startJob('export', `Export ${engine.dataset(dataset).name}`, nothing),
    'datasets.rejects': () => ({ rows: 312 }),
    'import.inspect': ({ settings }) => inspectionOf(settings),
    'import.check': ({ settings }) =>
      engine.startJob('check', 'Check ratings_export.csv', () => outcomeOf(settings)),
    'import.start': ({ name, settings }) =>
      engine.startJob('import', `Import ${name}`, () => {
        const dataset = datasetOf(`import-${engine.datasets.length}`, name);
        engine.addDataset(dataset);
        return { ...outcomeOf(settings), dataset };
      }),
    'import.split': ({ name }) =>
      engine.startJob('import', `Import ${name}`, () => {
        engine.addDataset(datasetOf(`split-${engine.datasets.length}`, name, { givenSplit: true }));
        return {};
      }),
    'import.remembered': () => null,
    'movielens.list': () => [
      {
        name: 'latest-small',
        title: 'MovieLens latest small',
        bytes: 1_000_000,
        ratings: 100_836,
        license: 'Free for research and education; no redistribution, no commercial use without permission.',
      },
      {
        name: '1m',
        title: 'MovieLens 1M',
        bytes: 5_900_000,
        ratings: 1_000_209,
        license: 'Free for research; no redistribution, no commercial use without permission.',
      },
    ],
    'movielens.get': ({ name }) => engine.startJob('download', `Get MovieLens ${name}`, nothing),
    'models.list': () => fakeModels,
    'splits.preview': ({ dataset, split }) => {
      const { users, ratings } = engine.dataset(dataset);
      const single = split.name === 'leave-last-out';
      const test = single ? users : Math.round(ratings * (split.testShare ?? 0.1));
      const validation =
        split.validation === 'none' ? 0 : single ? users : Math.round((ratings - test) * 0.1);
      return {
        hash: engine.splitHash(dataset, split.name ?? 'random'),
        counts: { train: ratings - test - validation, validation, test },
        users: { test: users, withoutTest: 0 },
        picture: [34, 29, 31, 22].map((rows, index) => ({
          user: `user ${index + 1}`,
          segments: [
            { part: 0, rows },
            { part: 1, rows: validation ? 5 : 0 },
            { part: 2, rows: 5 },
          ].filter((segment) => segment.rows > 0),
        })),
        leakage: single
          ? [
              {
                code: 'later-training',
                text: '41 % of training events are later than the test event.',
                value: 0.41,
              },
            ]
          : [],
      };
    },
    'runs.predict': ({ dataset, configs }) =>
      configs.map((config) => ({
        seconds: config.model === 'caser' ? 112 : 4.1,
        memoryMb: 96,
        basis: 'From 14 earlier runs here.',
        sameAs: engine.sameAs(dataset, config),
      })),
    'runs.versus': ({ groups }) =>
      groups.map(([run = '']) => ({ pValue: hashed(run) / 10, adjusted: hashed(run) / 5 })),
    'runs.list': ({ dataset, archived, after, limit }) =>
      [...engine.runs.values()]
        .map((entry) => entry.run)
        .filter(
          (run) => run.number > after && (archived || !run.archived) && (!dataset || run.dataset === dataset),
        )
        .sort((a, b) => a.number - b.number)
        .slice(0, limit ?? undefined),
    'runs.get': ({ run }) => engine.run(run),
    'runs.start': ({ dataset, configs, name }) => ({
      runs: configs.map((config) => engine.start(dataset, config, name)),
    }),
    'runs.stop': ({ run }) => (engine.stop(run), {}),
    'runs.resume': ({ run }) => engine.change(run, { status: 'running' }),
    'runs.rename': ({ run, name }) => engine.change(run, { name }),
    'runs.tag': ({ runs, tags }) => {
      for (const run of runs) engine.change(run, { tags });
      return {};
    },
    'runs.note': ({ run, note }) => engine.change(run, { note }),
    'runs.archive': ({ runs, archived }) => {
      for (const run of runs) engine.change(run, { archived });
      return {};
    },
    'runs.delete': ({ runs }) => {
      for (const run of runs) engine.remove(run);
      return {};
    },
    'runs.export': ({ files }) => ({
      written: Object.values(files).filter((path) => typeof path === 'string'),
    }),
    compare: ({ runs, metric, force }) =>
      compareRuns(
        runs.map((id) => engine.run(id).run),
        metric,
        force,
      ),
    recommend: ({ run, user, top }) => {
      const view = viewOf(user, [engine.run(run).run], top);
      return { user, known: true, note: null, history: view.history, items: view.lists[0]?.items ?? [] };
    },
    'recommend.all': () => ({ rows: 47_150, unknown: 0 }),
    'inspect.users': ({ list, query, runs }) => usersOf(list, query, runs.length),
    'inspect.user': ({ user, runs, top }) =>
      viewOf(
        user,
        runs.map((id) => engine.run(id).run),
        top,
      ),
    'inspect.explain': ({ run, user, item }) => explanationOf(engine.run(run).run, user, item),
    'inspect.item': ({ item, runs }) =>
      itemOf(
        item,
        runs.map((id) => engine.run(id).run),
      ),
    search: ({ text, limit }) => engine.search(text, titleOf).slice(0, limit),
    'settings.get': () => engine.settings,
    'settings.set': ({ settings }) => {
      engine.settings = { ...engine.settings, ...settings };
      engine.emit({ event: 'settings.changed', payload: engine.settings });
      return engine.settings;
    },
  };
}

export function fakeHost(options: FakeOptions = {}): Host {
  const engine = new FakeEngine(options.empty ? [] : fakeDatasets(), options);
  const handlers = fakeHandlers(engine);
  const chosen = { path: '/data/ratings_export.csv', name: 'ratings_export.csv', bytes: 4_200_000 };
  return {
    kind: 'fake',
    transport: {
      async invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
        await Promise.resolve();
        const handler = handlers[method] as (given: Params<M>) => Promise<Result<M>> | Result<M>;
        return structuredClone(await handler(params));
      },
      subscribe: (listener: (event: WorkbenchEvent) => void) => engine.subscribe(listener),
    },
    openFile: () => Promise.resolve(chosen),
    takeFile: (file) => Promise.resolve({ path: `/data/${file.name}`, name: file.name, bytes: file.size }),
    saveFile: (name) => Promise.resolve({ path: `/data/${name}`, deliver: () => Promise.resolve() }),
    onConnection(listener) {
      listener(true);
      return () => undefined;
    },
  };
}
