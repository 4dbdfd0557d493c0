/** Sweeps and tournaments over a trainer that trains nothing. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import * as v from 'valibot';
import { Events } from '../../../../main/engine/events.ts';
import type { EngineContext } from '../../../../main/engine/context.ts';
import { findUnits } from '../../../../main/engine/compare/units.ts';
import { datasetHandlers } from '../../../../main/engine/handlers/datasets.ts';
import { engineHandlers } from '../../../../main/engine/handlers/engine.ts';
import { runHandlers } from '../../../../main/engine/handlers/runs.ts';
import { Jobs } from '../../../../main/engine/jobs.ts';
import { LoadedDatasets } from '../../../../main/engine/loaded.ts';
import { Queue } from '../../../../main/engine/runs/queue.ts';
import { Importances } from '../../../../main/engine/sweeps/importances.ts';
import { planSweep } from '../../../../main/engine/sweeps/sweep-plan.ts';
import { Sweeps } from '../../../../main/engine/sweeps/sweeps.ts';
import { detailOf } from '../../../../main/engine/sweeps/view.ts';
import { threadAnswers } from '../../../../main/engine/thread-answers.ts';
import { openDatabase, type WritableDatabase } from '../../../../main/store/database.ts';
import { findDataset } from '../../../../main/store/datasets.ts';
import { findSweep } from '../../../../main/store/sweeps.ts';
import { findAnyRun, findRun, listRuns, updateRun } from '../../../../main/store/runs.ts';
import { Random } from '../../../../main/numeric/random.ts';
import { methods, type Params, type Result, type SweepDetail } from '../../../../shared/contract.ts';
import { temporaryFolder } from '../../../fixtures/folders.ts';
import { type MakeBelieve, makeBelieveTrainer } from '../../../fixtures/make-believe-trainer.ts';
import { storeSmall } from '../../../fixtures/stored.ts';

let folder: string;
let database: WritableDatabase;
beforeEach(() => {
  folder = temporaryFolder();
  database = openDatabase(join(folder, 'workbench.db'));
  onTestFinished(() => void database.close());
  storeSmall(database);
});

interface Bench {
  readonly sweeps: Sweeps;
  readonly queue: Queue;
  readonly jobs: Jobs;
}

function bench(trainer: MakeBelieve = {}, cores = 2): Bench {
  const events = new Events();
  const jobs = new Jobs(events);
  const queue = new Queue(database, events, jobs, makeBelieveTrainer(trainer), { cores });
  const answers = threadAnswers(database, new LoadedDatasets(database));
  const inspector = { outcome: async (sweep: string) => answers.outcome({ sweep }) };
  const sweeps = new Sweeps({ dataDir: folder, database, events, jobs, queue, inspector, versions: {} });
  return { sweeps, queue, jobs };
}

const request = (asked: Partial<Params<'sweeps.start'>> = {}) =>
  v.parse(methods['sweeps.start'][0], {
    dataset: 'small-id',
    config: { model: 'bpr', parameters: { epochs: 9 } },
    space: { learningRate: 'log:0.001..0.1' },
    ...asked,
  });
const tournament = (asked: Partial<Params<'sweeps.tournament'>> = {}) =>
  v.parse(methods['sweeps.tournament'][0], {
    dataset: 'small-id',
    models: ['bpr', 'ials', 'popularity'],
    ...asked,
  });

async function ended(
  { sweeps, jobs }: Bench,
  { job, sweep }: { job: string; sweep: string },
): Promise<SweepDetail> {
  await jobs.wait(job).catch(() => undefined);
  return detail(sweep, sweeps);
}

const detail = (sweep: string, sweeps: Sweeps): SweepDetail =>
  detailOf(database, findSweep(database, sweep), sweeps.timeLeft(sweep), new Importances());

/** What has to be the same the next time: without ids and clocks. */
const bits = ({ entries, tournament: outcome }: SweepDetail) => ({
  trials: entries.map(({ trials }) =>
    trials.map(({ parameters, validation, rungs, status }) => ({ parameters, validation, rungs, status })),
  ),
  ranking: outcome?.entries.map(({ model, parameters, test, rank }) => ({ model, parameters, test, rank })),
  sentence: outcome?.sentence,
});

describe('a sweep', () => {
  it('promotes by ASHA from where trials were, and stops the others early', async () => {
    const begun: string[] = [];
    const on = bench({ begun: (run, from, to) => begun.push(`${run.sweep?.trial} ${from}-${to}`) });
    const { entries, summary } = await ended(on, on.sweeps.start(request({ search: 'asha', trials: 9 })));
    expect(summary).toMatchObject({ status: 'finished', stage: 'done', trials: 9 });
    expect(entries[0].rungs).toEqual([1, 3, 9]);
    const [best] = [...entries[0].trials].sort((a, b) => Number(b.validation) - Number(a.validation));
    expect(entries[0].best).toMatchObject({ index: best.index, validation: best.validation });
    expect(best.status).toBe('finished');
    // Each part of the climb is trained once.
    expect(begun.filter((line) => line.startsWith(`${best.index} `))).toEqual(
      ['0-1', '1-3', '3-9'].map((part) => `${best.index} ${part}`),
    );
    expect(entries[0].trials.filter(({ status }) => status === 'stopped').length).toBeGreaterThan(5);
  });

  it('tests nothing of its trials, and stores nothing of a test', async () => {
    const on = bench();
    const { entries, final } = await ended(on, on.sweeps.start(request({ search: 'random', trials: 3 })));
    expect(final).toBeNull();
    for (const { run } of entries[0].trials)
      expect(findAnyRun(database, run ?? '').run.metrics.test).toEqual({});
    expect(database.prepare('SELECT count(*) FROM artifacts').pluck().get()).toBe(0);
    expect(listRuns(database, {})).toEqual([]);
  });

  it('keeps a condition of the model where both of its parameters are asked for', () => {
    const { dataset } = findDataset(database, 'small-id');
    const spaceOf = (space: Record<string, string>): unknown =>
      planSweep(request({ space }), dataset, 1).entries[0].space;
    expect(spaceOf({ margin: '0.5..2', loss: 'bpr,hinge' })).toEqual([
      { kind: 'choice', name: 'loss', values: ['bpr', 'hinge'] },
      expect.objectContaining({ name: 'margin', when: { name: 'loss', values: ['hinge'] } }),
    ]);
    expect(spaceOf({ margin: '0.5..2' })).toEqual([expect.not.objectContaining({ when: expect.anything() })]);
  });

  it('trains every point of a grid, several at once where that is asked for', async () => {
    let [now, most] = [0, 0];
    const on = bench({
      begun: () => void (most = Math.max(most, ++now)),
      takes: () => (setTimeout(() => now--, 4), 5),
    });
    const space = { learningRate: '0.001,0.01,0.1', embeddingSize: '4,8' };
    const { entries } = await ended(on, on.sweeps.start(request({ space, parallel: 3 })));
    expect(entries[0]).toMatchObject({ search: 'grid' });
    expect(entries[0].trials.map(({ parameters }) => parameters)).toHaveLength(6);
    expect(entries[0].trials.every(({ status, epochs }) => status === 'finished' && epochs === 9)).toBe(true);
    expect(entries[0].best?.parameters).toMatchObject({ learningRate: 0.01 });
    expect(most).toBe(3);
  });

  it('takes the mean over seeds of a trial, and trains the best anew with seeds at the end', async () => {
    const on = bench({ figure: ({ seed }, epoch) => 0.1 * seed + 0.001 * epoch });
    const asked = request({ search: 'random', trials: 2, seeds: 3, finalSeeds: 2 });
    const { entries, final } = await ended(on, on.sweeps.start(asked));
    expect(entries[0].trials[0].runs).toHaveLength(3);
    expect(entries[0].trials[0].validation).toBeCloseTo(0.209, 12);
    expect(final?.runs.map((id) => findRun(database, id).run)).toMatchObject([
      {
        seed: 1,
        config: { refit: true },
        group: final?.group,
        metrics: { test: { 'ndcg@10': expect.any(Number) as number } },
      },
      { seed: 2 },
    ]);
    expect(final?.metrics.test['ndcg@10'].mean).toBeCloseTo(0.159 + 0.0015, 12);
    expect(listRuns(database, {}).map(({ run }) => run.id)).toEqual(final?.runs);
  });

  it('lets nobody change or delete its trials one by one', async () => {
    const on = bench();
    const { entries } = await ended(on, on.sweeps.start(request({ search: 'random', trials: 1 })));
    const run = entries[0].trials[0].run ?? '';
    // No more of the context is read.
    const handlers = runHandlers({ database, ...on } as unknown as EngineContext);
    expect(() => handlers['runs.delete']({ runs: [run] })).toThrow('is a trial of a sweep');
    expect(() => handlers['runs.resume']({ run })).toThrow('is a trial of a sweep');
  });

  it('goes with its data set, unless it is running', async () => {
    const on = bench({ takes: () => 60_000 });
    const started = on.sweeps.start(request({ search: 'random', trials: 1 }));
    // No more of the context is read.
    const context = { database, dataDir: folder, events: new Events() } as unknown as EngineContext;
    const remove = () => datasetHandlers(context)['datasets.delete']({ dataset: 'small-id', withRuns: true });
    await expect.poll(() => detail(started.sweep, on.sweeps).summary.trials, { timeout: 20_000 }).toBe(1);
    expect(remove).toThrow('is running on the data set');
    on.sweeps.stop(started.sweep, 'now');
    await ended(on, started);
    void remove();
    expect(on.sweeps.list(null)).toEqual([]);
    expect(listRuns(database, { trials: true })).toEqual([]);
  });

  it('is the same with several at once, whatever ends first', async () => {
    const found: unknown[] = [];
    for (const seed of [1, 2]) {
      const random = new Random(seed, 'search');
      const on = bench({ takes: () => 8 * random.next() });
      const start = on.sweeps.start(request({ search: 'asha+tpe', trials: 14, parallel: 3 }));
      found.push(bits(await ended(on, start)));
    }
    expect(found[1]).toEqual(found[0]);
  });

  it('can be ended early with what there is, and extended', async () => {
    const on = bench({ takes: () => 3 });
    const started = on.sweeps.start(request({ search: 'random', trials: 1000 }));
    await expect
      .poll(() => detail(started.sweep, on.sweeps).summary.trials, { timeout: 20_000 })
      .toBeGreaterThan(2);
    on.sweeps.stop(started.sweep, 'finish');
    const before = await ended(on, started);
    expect(before.summary).toMatchObject({ status: 'finished', stage: 'done' });
    expect(before.entries[0].best).not.toBeNull();

    const short = on.sweeps.start(request({ search: 'random', trials: 2 }));
    await ended(on, short);
    const after = await ended(on, on.sweeps.extend({ sweep: short.sweep, trials: 3, minutes: 0 }));
    expect(after.summary).toMatchObject({ status: 'finished', trials: 5 });
  });

  it('goes on in the next engine with the trials that it had', async () => {
    const first = bench({ takes: () => 3 });
    const started = first.sweeps.start(request({ search: 'tpe', trials: 8 }));
    await expect
      .poll(() => detail(started.sweep, first.sweeps).summary.trials, { timeout: 20_000 })
      .toBeGreaterThan(3);
    await first.queue.close();
    await first.jobs.wait(started.job).catch(() => undefined);
    const second = bench();
    second.sweeps.resume();
    const resumed = await ended(second, started);
    expect(resumed.summary).toMatchObject({ status: 'finished', trials: 8 });
    const alone = bench();
    const whole = await ended(alone, alone.sweeps.start(request({ search: 'tpe', trials: 8 })));
    expect(bits(resumed)).toEqual(bits(whole));
  });

  it('goes with its trials when it is deleted; the runs at its end stay, unless they wait still', async () => {
    const on = bench();
    const asked = request({ trials: 2, search: 'random', finalSeeds: 2 });
    const { final, summary } = await ended(on, on.sweeps.start(asked));
    const [trained, waiting] = final?.runs ?? [];
    updateRun(database, findRun(database, waiting).key, { status: 'queued' });
    on.sweeps.delete(summary.id);
    expect(listRuns(database, { trials: true }).map(({ run }) => run.id)).toEqual([trained]);
    expect(on.sweeps.list(null)).toEqual([]);
  });

  it.each([
    [{ space: { learningRat: '1,2' } }, 'has no parameter "learningRat"'],
    [{ space: { learningRate: '5..1' } }, 'must be below'],
    [{ space: { epochs: '1,2' }, search: 'asha' as const, trials: 9 }, 'ASHA decides how many epochs'],
    [{ config: { model: 'popularity' }, space: null }, 'nothing that a search would vary'],
    [{ config: { model: 'bpr', split: { validation: 'none' as const } } }, 'no validation part'],
    [{ config: { model: 'bpr', split: { name: 'k-fold' as const } } }, 'not on folds'],
  ])('%j is refused in words', (asked, reason) => {
    expect(() => bench().sweeps.start(request(asked))).toThrow(reason);
  });
});

describe('a tournament', () => {
  it('gives every model its trials, tests the best of each once, and ranks them', async () => {
    const on = bench();
    const { tournament: outcome, summary } = await ended(
      on,
      on.sweeps.tournament(tournament({ trials: 4, finalSeeds: 2 })),
    );
    expect(summary).toMatchObject({ kind: 'tournament', status: 'finished', metric: 'ndcg@10' });
    expect(
      outcome?.entries.map(({ model, trials, runs, rank }) => [model, trials, runs.length, rank]),
    ).toEqual([
      ['bpr', 4, 2, 1],
      ['ials', 4, 2, 2],
      ['popularity', 1, 1, 3],
    ]);
    expect(outcome?.entries[0].test).toMatchObject({
      mean: expect.any(Number) as number,
      interval: [expect.any(Number), expect.any(Number)],
    });
    expect(outcome?.pairs).toHaveLength(3);
    // What was tested, named by its model, with what its runs cost: in the trade-off as in Compare.
    expect(outcome?.finals.map(({ id, label, seeds }) => [id, label, seeds])).toEqual([
      ['BPR, T1', 'BPR', [1, 2]],
      ['iALS, T1', 'iALS', [1, 2]],
      ['Popularity, T1', 'Popularity', [1]],
    ]);
    expect(outcome?.entries[0].cost).toMatchObject({ final: { peakMemoryMb: 1, cpuSeconds: null } });
    expect(outcome?.slices[0]).toMatchObject({ kind: 'all', a: 'iALS, T1', b: 'BPR, T1' });
    expect(outcome?.sentence).toContain('BPR');
    const tested = listRuns(database, { trials: true }).filter(
      ({ run }) => Object.keys(run.metrics.test).length > 0,
    );
    expect(tested).toHaveLength(5);
  });

  it('is the same the next time, whatever ends first', async () => {
    const found: unknown[] = [];
    for (const seed of [1, 2]) {
      const random = new Random(seed, 'search');
      const on = bench({ takes: () => 6 * random.next() }, 6);
      found.push(bits(await ended(on, on.sweeps.tournament(tournament({ trials: 7, finalSeeds: 2 })))));
    }
    expect(found[1]).toEqual(found[0]);
  });

  it('shows no test figure before the end', async () => {
    const on = bench({ takes: ({ config }) => (config.refit ? 30 : 0) });
    const started = on.sweeps.tournament(tournament({ trials: 1, finalSeeds: 3 }));
    await expect
      .poll(() => detail(started.sweep, on.sweeps).summary.stage, { timeout: 20_000 })
      .toBe('final');
    expect(detail(started.sweep, on.sweeps).tournament).toBeNull();
    expect(listRuns(database, {})).toEqual([]);
    await ended(on, started);
    expect(listRuns(database, {})).toHaveLength(7);
  });

  it('lets nobody at a run at its end before all are tested', async () => {
    const on = bench({ takes: ({ config, seed }) => (config.refit && seed > 1 ? 60_000 : 0) });
    const started = on.sweeps.tournament(tournament({ trials: 1, finalSeeds: 2 }));
    const tested = database
      .prepare("SELECT id FROM runs WHERE trial IS NULL AND status = 'finished' AND model = 'bpr'")
      .pluck();
    await expect.poll(() => tested.get(), { timeout: 20_000 }).toBeDefined();
    const run = tested.get() as string;
    const { group } = findAnyRun(database, run).run;
    expect(() => findRun(database, run)).toThrow('still being tested');
    expect(() => findUnits(database, [group ?? '', run], null)).toThrow('There is no run');
    // No more of the context is read.
    const handlers = runHandlers({ database, ...on } as unknown as EngineContext);
    const shown = handlers['runs.get']({ run }) as Result<'runs.get'>;
    expect(shown.run.metrics).toEqual({ validation: { 'ndcg@10': expect.any(Number) as number }, test: {} });
    // The state of the engine tells of it as of any run.
    const [dataDir, events] = [folder, new Events()];
    const parts = { database, dataDir, events, versions: {}, ...on };
    // The handlers that are asked use these parts alone.
    const engine = engineHandlers(parts as unknown as EngineContext);
    await expect
      .poll(() => engine['engine.state']({}), { timeout: 20_000 })
      .toMatchObject({ status: 'running' });
    expect(() => on.sweeps.extend({ sweep: started.sweep, trials: 1, minutes: 0 })).toThrow('being tested');
    on.sweeps.stop(started.sweep, 'now');
    await ended(on, started);
    expect(Object.keys(findRun(database, run).run.metrics.test)).toEqual(['ndcg@10']);
  });

  it('goes on tuning where it was stopped before anything was tested', async () => {
    const pauses = { now: 60_000 };
    const on = bench({ takes: ({ config }) => (config.refit ? pauses.now : 0) });
    const started = on.sweeps.tournament(tournament({ trials: 1, finalSeeds: 1 }));
    await expect
      .poll(() => detail(started.sweep, on.sweeps).summary.stage, { timeout: 20_000 })
      .toBe('final');
    on.sweeps.stop(started.sweep, 'now');
    expect((await ended(on, started)).summary.status).toBe('cancelled');
    pauses.now = 0;
    const { sweep } = started;
    const { entries, tournament: outcome } = await ended(
      on,
      on.sweeps.extend({ sweep, trials: 4, minutes: 0 }),
    );
    expect(entries.map(({ trials }) => trials.length)).toEqual([5, 5, 1]);
    for (const { runs, parameters } of outcome?.entries ?? [])
      expect(runs.map((id) => findRun(database, id).run.parameters)).toMatchObject([parameters]);
  });

  it('ends with its budget of time: the end has what it needs, or fewer seeds', async () => {
    const on = bench({ takes: ({ config }) => (config.refit ? 400 : 20) });
    const { summary, tournament: outcome } = await ended(
      on,
      on.sweeps.tournament(tournament({ minutes: 0.1, finalSeeds: 20 })),
    );
    expect(summary.status).toBe('finished');
    const late = summary.notes.filter((note) => note.startsWith('There was no time left to test '));
    expect(late).toHaveLength(1);
    expect(late[0]).toMatch(/\(seeds? [\d, ]+\)/);
    // Every model came to a test, and a slow machine has a second more.
    expect(outcome?.entries.every(({ test }) => test !== null)).toBe(true);
  });

  it('cannot be extended once its test figures are known', async () => {
    const on = bench();
    const { summary } = await ended(on, on.sweeps.tournament(tournament({ trials: 1, finalSeeds: 1 })));
    expect(() => on.sweeps.extend({ sweep: summary.id, trials: 1, minutes: 0 })).toThrow('has been tested');
  });
});
