/**
 * What is asked of the real engine for the windows' stand-in: the sample, runs of every model on it, a derived data set,
 * an import with every kind of trouble, and what the screens then read of them.
 */
import type { Dataset, Method, Run } from '../../shared/contract.ts';
import type { Inspection } from '../../shared/imports.ts';

type Asked = Readonly<Record<string, unknown>>;

export interface Recorder {
  /** Asks without recording. */
  ask<T>(method: Method, params?: Asked): Promise<T>;
  /** Asks, and records the answer or the refusal. */
  keep<T>(method: Method, params?: Asked): Promise<T>;
  /** Asks for a job, waits for its end, and records both. */
  keepJob(method: Method, params: Asked): Promise<void>;
  /** Waits until no run is queued or running. */
  ended(): Promise<Run[]>;
}

/** Files of the scenario. */
export interface Places {
  readonly folder: string;
  readonly messy: string;
  readonly titles: string;
  readonly heldOut: string;
}

const split = { name: 'leave-last-out' } as const;
const evaluation = { k: [10, 20] };
const seeds = [1, 2, 3];
const run = (model: string, parameters = {}, seed = 1) => ({ model, parameters, seed, split, evaluation });

/** Few epochs where a model is slow: the windows show figures and do not judge them. */
const configs = [
  ...['popularity', 'random', 'bias', 'itemknn', 'ease'].map((model) => run(model)),
  ...seeds.map((seed) => run('ials', { epochs: 6 }, seed)),
  ...seeds.map((seed) => run('bpr', { epochs: 12, embeddingSize: 32 }, seed)),
  run('bpr', { epochs: 12, embeddingSize: 16 }),
  ...seeds.map((seed) => run('mf', { epochs: 8 }, seed)),
  ...seeds.map((seed) => run('caser', { epochs: 4 }, seed)),
  run('autorec', { epochs: 6, embeddingSize: 64 }),
  run('neumf', { epochs: 8 }),
  run('bpr', { epochs: 12, learningRate: 0.01 }),
  // Its loss grows without bound: a real failure.
  run('bpr', { learningRate: 10 }),
];

/** Lines of the messy file, one of each trouble that people meet. */
export function messyLines(): string[] {
  const lines = ['user_id;item_id;rating;timestamp'];
  for (let row = 0; row < 4000; row++) {
    const time = 881_250_949 + row * 61;
    const user = String(row % 113).padStart(3, '0');
    const item = (row * 31) % 307;
    if (row % 470 === 7) lines.push(`${user};${item};N/A;${time}`);
    else if (row % 610 === 19) lines.push(`${user};${item};55;${time}`);
    else if (row % 900 === 11) lines.push(`${user};${item};4;22.09.1997`);
    else if (row % 1300 === 13) lines.push(`;${item};3;${time}`);
    else if (row % 1900 === 17) lines.push(`${user};${item}`);
    else lines.push(`${user};${item};${1 + ((row * 7) % 5)};${time}`);
    if (row % 90 === 5) lines.push(`${user};${item};2;${time + 9}`);
  }
  return lines;
}

/** Titles of the messy file's items. */
export const titleLines = (): string[] => [
  'item_id;title',
  ...Array.from({ length: 300 }, (_, item) => `${item};Film ${item}`),
];

/** The test part that goes with the messy file as the train part. */
export const heldOutLines = (): string[] => [
  'user_id;item_id;rating;timestamp',
  ...Array.from(
    { length: 300 },
    (_, row) => `${String(row % 113).padStart(3, '0')};${500 + row};4;${881_900_000 + row}`,
  ),
];

export async function play(recorder: Recorder, { folder, messy, titles, heldOut }: Places): Promise<void> {
  const { ask, keep, keepJob, ended } = recorder;
  await keep('models.list');
  await keep('movielens.list');
  await keep('settings.get');
  await keepJob('datasets.sample', { runs: false });
  const [{ id: dataset }] = await ask<Dataset[]>('datasets.list');
  await ask('runs.start', { dataset, configs });
  const trained = await ended();
  await keep('runs.pin', { run: ofModel(trained, 'ease'), pinned: true });
  const runs = await keep<Run[]>('runs.list', { archived: true });
  await readRuns(keep, runs);
  await readChoices(keep, dataset, runs);
  await compareAndInspect(recorder, dataset, runs);
  await imports(recorder, messy, titles, heldOut);
  await searches(recorder, dataset);
  await writeFiles(recorder, dataset, runs, folder);
  await keep('jobs.list');
  await keep('storage.usage');
  await changes(recorder, dataset, runs, messy);
  await ended();
  await outside(recorder, dataset, ofModel(runs, 'ease'), folder);
  await keep('storage.compact');
  await keep('engine.state');
  await keep('engine.doctor', { selfTest: true });
  await keep('engine.selfTest');
  await keep('engine.diagnostics');
  // Refused: the engine of a recording goes on to its end.
  await keepJob('storage.restore', { path: titles });
}

type Keep = Recorder['keep'];
const ofModel = (runs: readonly Run[], model: string, seed = 1): string => {
  const found = runs.find((one) => one.model === model && one.seed === seed && one.status === 'finished');
  if (!found) throw new Error(`No run of ${model} with seed ${seed} finished.`);
  return found.id;
};

/** Curves and log of some runs, and of what failed. */
async function readRuns(keep: Keep, runs: readonly Run[]): Promise<void> {
  const shown = ['caser', 'ials', 'bpr', 'neumf'].map((model) => ofModel(runs, model));
  const failed = runs.flatMap(({ id, status }) => (status === 'failed' ? [id] : []));
  for (const id of [...shown, ...failed]) await keep('runs.get', { run: id });
  await keep('runs.versus', {
    groups: [[ofModel(runs, 'popularity')], seeds.map((seed) => ofModel(runs, 'ials', seed))],
    metric: 'ndcg@10',
  });
}

/** What New run and Derive ask while a person chooses. */
async function readChoices(keep: Keep, dataset: string, runs: readonly Run[]): Promise<void> {
  for (const name of ['random', 'user-ratio', 'leave-last-out', 'global-time', 'k-fold', 'rolling'])
    await keep('splits.preview', { dataset, split: { name } });
  const same = runs.find(({ id }) => id === ofModel(runs, 'bpr'))?.config;
  await keep('runs.predict', { dataset, configs: [run('caser'), same] });
  for (const filters of [{ kCore: 20 }, { binarise: 4 }, { minimumRating: 3 }])
    await keep('datasets.previewFilters', { dataset, filters });
  for (const text of ['sample', 'caser', 'amber', '12']) await keep('search', { text, limit: 30 });
}

async function compareAndInspect(
  { ask, keep }: Recorder,
  dataset: string,
  runs: readonly Run[],
): Promise<void> {
  const of = (...models: string[]) => models.map((model) => ofModel(runs, model));
  const five = of('caser', 'ials', 'bpr', 'ease', 'popularity');
  // A run stands for its group of seeds, as on the screen.
  await keep('compare', { runs: five, byGroup: true, metric: 'ndcg@10', pairs: 'verdict' });
  await keep('compare', { runs: five, byGroup: true, metric: null });
  await keep('compare', { runs: of('caser', 'ials'), metric: null });
  await keep('compare.exposure', { runs: five, metric: 'ndcg@10', lead: [five[1], five[0]] });
  await keep('compare.exposure', { runs: of('caser', 'ials'), metric: null });
  const among = { difference: [0.01, 1] as [number, number] };
  await keep('compare.users', { runs: five, metric: 'ndcg@10', lead: [five[1], five[0]], limit: 1 });
  await keep('compare.users', { runs: five, metric: 'ndcg@10', lead: [five[1], five[0]], among, limit: 500 });
  const two = of('bpr', 'caser');
  for (const list of ['all', 'improved', 'harmed', 'disagree', 'cold', 'heavy'])
    await keep('inspect.users', { dataset, runs: two, list, metric: null, limit: 40 });
  const { users } = await ask<{ users: { user: string }[] }>('inspect.users', {
    dataset,
    runs: two,
    list: 'improved',
    metric: null,
  });
  const { user } = users[0];
  await keep('inspect.users', { dataset, runs: two, list: 'all', query: user, metric: null, limit: 40 });
  const { items } = await keep<{ items: { item: string }[] }>('recommend', { run: two[1], user, top: 10 });
  await keep('inspect.user', { dataset, user, runs: two, top: 10 });
  for (const { item } of items.slice(0, 2)) {
    await keep('inspect.item', { dataset, item, runs: two });
    for (const run of two) await keep('inspect.explain', { run, user, item });
  }
  const [{ item }] = items;
  for (const run of of('ials', 'bpr', 'caser')) {
    for (const { item: shown } of items.slice(0, 2))
      await keep('inspect.reasons', { run, user, item: shown });
    await keep('inspect.whatIf', { run, user, add: [], remove: [], top: 10 });
    await keep('inspect.whatIf', { run, user: null, add: [{ item, rating: 5 }], remove: [], top: 10 });
    await keep('inspect.neighbours', { run, item, top: 8 });
  }
  await keep('inspect.map', { run: two[0], most: 200 });
  // Asked until it is there, so that what is kept is the whole of it.
  const layout = { run: two[0], most: 200 };
  for (;;) {
    const { points } = await ask<{ points: object[] | null }>('inspect.layout', layout);
    if (points) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await keep('inspect.layout', layout);
  await goldenUsers({ keep, ask }, dataset, two, user, item);
}

/** One that passes and one that fails, and a blind taste test. */
async function goldenUsers(
  { keep, ask }: Pick<Recorder, 'keep' | 'ask'>,
  dataset: string,
  runs: readonly string[],
  user: string,
  item: string,
): Promise<void> {
  await keep('golden.add', {
    dataset,
    name: 'Regular',
    user,
    history: null,
    expect: [item],
    forbid: [],
    top: 50,
  });
  await keep('golden.add', {
    dataset,
    name: 'Newcomer',
    user: null,
    history: [{ item, rating: 5 }],
    expect: [],
    forbid: ['genre:Drama'],
    top: 10,
  });
  await keep('golden.list', { dataset });
  for (const run of runs) await keep('golden.check', { run });
  await keep('golden.results', { runs });
  const [left, right] = runs;
  for (const pick of ['left', 'right', 'right'])
    await keep('taste.add', { dataset, user, left, right, rater: 'Ann', pick });
  await keep('taste.results', { dataset, runs });
  const all = await ask<{ id: string }[]>('golden.list', { dataset });
  for (const { id } of all) await keep('golden.remove', { golden: id });
}

/** A sweep and a tournament, small, and the queue. */
async function searches({ ask, keep, keepJob }: Recorder, dataset: string): Promise<void> {
  const config = run('ials');
  const asked = { dataset, config: { ...config, parameters: { epochs: 3 } }, search: 'random', trials: 8 };
  await keepJob('sweeps.start', { ...asked, parallel: 1 });
  await keepJob('sweeps.tournament', {
    ...{ dataset, models: ['ials', 'itemknn', 'popularity'], trials: 2, finalSeeds: 2 },
    split: config.split,
  });
  const [sweep, tournament] = await keep<{ id: string }[]>('sweeps.list');
  await keep('sweeps.get', { sweep: sweep.id });
  await keep('sweeps.get', { sweep: tournament.id });
  const extended = await keep<{ job: string }>('sweeps.extend', { sweep: sweep.id, trials: 1 });
  await ask('jobs.wait', { job: extended.job });
  const long = await ask<{ sweep: string; job: string }>('sweeps.start', { ...asked, trials: 500 });
  await keep('sweeps.stop', { sweep: long.sweep, when: 'now' });
  await ask('jobs.wait', { job: long.job }).catch(() => undefined);
  await keep('sweeps.delete', { sweep: long.sweep });
  await keep('queue.set', { parallel: 1, paused: true });
  const waiting = await ask<{ runs: string[] }>('runs.start', {
    dataset,
    configs: [run('popularity', {}, 9), run('random', {}, 9)],
  });
  await keep('queue.get');
  await keep('queue.move', { run: waiting.runs[1], to: 'first' });
  await ask('queue.set', { paused: false });
  for (const job of waiting.runs) await ask('jobs.wait', { job });
}

async function writeFiles(
  { keep, keepJob }: Recorder,
  dataset: string,
  runs: readonly Run[],
  folder: string,
): Promise<void> {
  const ease = ofModel(runs, 'ease');
  await keep('runs.export', { run: ease, files: { lists: `${folder}/lists.csv` } });
  await keep('recommend.all', { run: ease, path: `${folder}/all.csv`, top: 10 });
  await keep('report', { runs: [ease, ofModel(runs, 'popularity')], path: `${folder}/report.html` });
  await keepJob('datasets.export', { dataset, path: `${folder}/sample.csv`, format: 'csv' });
  await keepJob('storage.backup', { path: `${folder}/backup.db` });
}

/** Work with other tools, and windows of time; after everything else, since it adds runs. */
async function outside(
  { keep, keepJob, ask, ended }: Recorder,
  dataset: string,
  ease: string,
  folder: string,
): Promise<void> {
  await keepJob('datasets.exportSplit', { dataset, split, path: `${folder}/split` });
  await keepJob('runs.import', {
    ...{ dataset, splitOf: ease, path: `${folder}/lists.csv`, form: 'lists' },
    ...{ name: 'My lists', label: 'My model' },
  });
  const capsule = `${folder}/run.workbench-capsule`;
  await keepJob('capsules.export', { runs: [ease], path: capsule });
  await keepJob('capsules.import', { path: capsule });
  await keepJob('runs.rerun', { run: ease });
  await keep('runs.exportWeights', { run: ease, path: `${folder}/weights` });
  const group = 'itemknn 3-window 1';
  const rolling = { name: 'rolling', windows: 3 };
  const configs = [0, 1, 2].map((window) => ({ ...run('itemknn'), split: { ...rolling, window } }));
  await ask('runs.start', { dataset, configs, group });
  await ended();
  await keep('runs.overTime', { group, metric: 'ndcg@10' });
}

async function imports(
  { keep, keepJob, ask }: Recorder,
  path: string,
  titles: string,
  heldOut: string,
): Promise<void> {
  const inspection = await keep<Inspection>('import.inspect', { path, settings: {} });
  await keep('import.inspect', { path, settings: { delimiter: ',' } });
  const header = inspection.columns.map(({ name }) => name);
  await keep('import.remembered', { header });
  const { settings } = inspection;
  await keepJob('import.check', { path, settings: { ...settings, maxRejected: 100 } });
  await keepJob('import.start', {
    path,
    name: 'ratings_export',
    settings: { ...settings, maxRejected: 100 },
  });
  await keepJob('import.split', {
    name: 'Given split',
    train: path,
    test: heldOut,
    settings: { ...settings, maxRejected: 100 },
  });
  const imported = (await ask<Dataset[]>('datasets.list')).find(({ name }) => name === 'ratings_export');
  if (!imported) throw new Error('The messy file was not imported.');
  await keep('datasets.attachItems', { dataset: imported.id, path: titles });
  await keep('datasets.rejects', { dataset: imported.id, path: `${path}.rejects.csv` });
}

/** Changes that a person makes, and refusals; the last of all, so that what was read before is as it was. */
async function changes(
  { keep, keepJob, ask }: Recorder,
  dataset: string,
  runs: readonly Run[],
  messy: string,
): Promise<void> {
  await keepJob('datasets.derive', { dataset, filters: { kCore: 20 }, name: 'Sample, 20-core' });
  await keepJob('datasets.derive', { dataset, filters: { binarise: 4 }, name: 'Sample, ≥ 4 as positive' });
  const datasets = await keep<Dataset[]>('datasets.list', { archived: true });
  for (const { id } of datasets) await keep('datasets.get', { dataset: id });
  await keep('datasets.delete', { dataset, withRuns: false });
  const derived = datasets.at(-1)?.id;
  await keep('datasets.rename', { dataset: derived, name: 'Positive' });
  await keep('datasets.archive', { dataset: derived, archived: true });
  await keep('datasets.delete', { dataset: derived });
  const id = ofModel(runs, 'random');
  await keep('runs.rename', { run: id, name: 'Chance' });
  await keep('runs.tag', { runs: [id], tags: ['good'] });
  await keep('runs.note', { run: id, note: 'What chance gives.' });
  await keep('runs.archive', { runs: [id], archived: true });
  await keep('runs.resume', { run: id });
  const longer = await keep<{ id: string }>('runs.continue', { run: ofModel(runs, 'bpr'), epochs: 1000 });
  await keep('runs.stop', { run: longer.id, when: 'now' });
  const { job } = await ask<{ job: string }>('import.check', { path: messy, settings: { maxRejected: 100 } });
  await keep('jobs.cancel', { job });
  await keep('settings.set', { settings: { theme: 'light' } });
  const started = await keep<{ runs: string[] }>('runs.start', {
    dataset,
    configs: [run('bpr', { epochs: 2000 })],
  });
  await keep('runs.stop', { run: started.runs[0], when: 'now' });
  const more = await keep<{ runs: string[] }>('runs.addSeeds', { run: started.runs[0], count: 1 });
  await keep('runs.stop', { run: more.runs[0], when: 'now' });
  await keep('runs.trash', { runs: [id], trashed: true });
  await keep('runs.delete', { runs: [id] });
}
