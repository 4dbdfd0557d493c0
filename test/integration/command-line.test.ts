import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import * as processes from '../fixtures/workbench.ts';

interface Trained {
  run: { id: string; status: string; compute: { engine: string }; split: { hash: string } };
  metrics: { validation: Record<string, number>; test: Record<string, number> };
  epochs: { loss: number }[];
  examplesPerSecond: number;
}

describe('the command line', () => {
  /** A folder with the sample, for the tests that neither change nor delete it. */
  const shared = mkdtempSync(join(tmpdir(), 'workbench-test-'));
  beforeAll(() => outputOf(shared, 'sample'));
  afterAll(() => rmSync(shared, { recursive: true, force: true }));

  it('goes the whole way: sample, train, compare, recommend, export, delete', async () => {
    // As a person runs it: each command is a process.
    const { outputOf, workbench } = processes;
    const dir = temporaryFolder();
    const { dataset } = await outputOf<{ dataset: { id: string; users: number; name: string } }>(
      dir,
      'sample',
    );
    expect(dataset.users).toBe(1000);
    const train = (model: string, ...more: string[]): Promise<Trained> =>
      outputOf<Trained>(
        dir,
        'train',
        '--dataset',
        dataset.name,
        '--model',
        model,
        '--split',
        'leave-last-out',
        ...more,
      );
    const mf = await train('mf', '--set', 'epochs=4', '--name', 'factors');
    const popularity = await train('popularity');
    expect(mf.run).toMatchObject({ status: 'finished', compute: { engine: 'fused' } });
    expect(['fused', 'cpu']).toContain(popularity.run.compute.engine);
    expect(mf.epochs).toHaveLength(4);
    expect(mf.epochs[3].loss).toBeLessThan(mf.epochs[0].loss);
    expect(mf.run.split.hash).toBe(popularity.run.split.hash);
    expect(mf.examplesPerSecond).toBeGreaterThan(0);

    const compared = await outputOf<{ comparable: boolean; pairs: Record<string, number>[] }>(
      dir,
      'compare',
      mf.run.id,
      popularity.run.id,
      '--metric',
      'ndcg@10',
      '--intervals',
      'bootstrap',
      '--zeros',
      'pratt',
    );
    const [pair] = compared.pairs;
    expect(pair.method).toBe("bootstrap over users (10,000 draws, seed 1), Wilcoxon (Pratt's zeros)");
    const difference = popularity.metrics.test['ndcg@10'] - mf.metrics.test['ndcg@10'];
    expect(pair.difference).toBeCloseTo(difference, 10);
    expect(pair.better + pair.same + pair.worse).toBeCloseTo(1, 10);

    const lists = join(temporaryFolder(), 'lists.csv');
    await outputOf(dir, 'export-run', 'factors', '--lists', lists);
    const [header, first] = readFileSync(lists, 'utf8').split('\n');
    expect(header).toBe('user,item,rank,score');
    const [user, item] = first.split(',');
    const list = await outputOf<{ items: { item: string; rank: number; score: number }[] }>(
      dir,
      'recommend',
      '--run',
      'factors',
      '--user',
      user,
      '--top',
      '3',
    );
    expect(list.items.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(list.items[0].item).toBe(item);
    const longer = await outputOf<typeof list>(
      dir,
      'recommend',
      '--run',
      'factors',
      '--user',
      user,
      '--top',
      '60',
    );
    // Stored lists come from the kernels, longer ones from plain code: the last bits of a score may differ.
    const rounded = ({ items }: typeof list): unknown[] =>
      items.slice(0, 3).map((each) => ({ ...each, score: each.score.toFixed(4) }));
    expect(rounded(longer)).toEqual(rounded(list));
    expect(longer.items).toHaveLength(60);

    const copy = join(temporaryFolder(), 'copy.sqlite');
    const { bytes } = await outputOf<{ bytes: number }>(dir, 'backup', copy);
    expect(statSync(copy).size).toBe(bytes);

    const refused = await workbench(dir, 'delete', '--dataset', dataset.id);
    expect(refused).toMatchObject({ code: 2, output: { error: { code: 'dataset-in-use' } } });
    await outputOf(dir, 'delete', '--dataset', dataset.id, '--with-runs');
    expect(await outputOf(dir, 'datasets')).toEqual({ datasets: [] });
    const { before, after } = await outputOf<{ before: number; after: number }>(dir, 'compact');
    expect(after).toBeLessThan(before / 2);
  });

  it('gives the same bits for the same seed, others for another', async () => {
    const train = (seed: string, name: string): Promise<Trained> =>
      outputOf<Trained>(
        shared,
        'train',
        '--dataset',
        'Sample (synthetic)',
        '--model',
        'mf',
        '--set',
        'epochs=2',
        '--seed',
        seed,
        '--name',
        name,
      );
    const [a, b, other] = [await train('5', 'a'), await train('5', 'b'), await train('6', 'c')];
    expect(b.metrics).toEqual(a.metrics);
    expect(b.epochs.map(({ loss }) => loss)).toEqual(a.epochs.map(({ loss }) => loss));
    expect(other.metrics).not.toEqual(a.metrics);

    // Two epochs and two more are four, from the last state of the first.
    const four = await outputOf<Trained & { parent: object }>(shared, 'continue', 'a', '--epochs', '2');
    expect(four.parent).toMatchObject({ run: a.run.id, epoch: 2, fromState: true });
    const options = ['--dataset', 'Sample (synthetic)', '--model', 'mf', '--seed', '5', '--set', 'epochs=4'];
    const whole = await outputOf<Trained>(shared, 'train', ...options);
    expect(four.metrics).toEqual(whole.metrics);
    expect(four.epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
  });

  it('says what is wrong with the use of a command, with exit code 2', async () => {
    expect(await workbench(shared, 'train', '--dataset', 'none', '--model', 'mf')).toMatchObject({
      code: 2,
      output: { error: { code: 'dataset-missing' } },
    });
    expect(await workbench(shared, 'nonsense')).toMatchObject({
      code: 2,
      output: { error: { code: 'wrong-use' } },
    });
    const set = (pair: string): ReturnType<typeof workbench> =>
      workbench(shared, 'train', '--dataset', 'Sample (synthetic)', '--model', 'mf', '--set', pair);
    expect(await set('learningrate=1')).toMatchObject({
      code: 2,
      output: { error: { hint: expect.stringContaining('Did you mean learningRate?') as string } },
    });
    expect(await set('epochs=0')).toMatchObject({
      code: 2,
      output: { error: { code: 'invalid-parameter' } },
    });
  });

  it('refuses an import with too many rejected rows, stores nothing, and tells every line', async () => {
    const dir = temporaryFolder();
    const file = join(temporaryFolder(), 'bad.csv');
    writeFileSync(file, 'user,item,rating\nu1,i1,5\nu1,i2,four\nu2,i1,3\n');
    const refused = await workbench(dir, 'import', file, '--name', 'bad');
    expect(refused).toMatchObject({
      code: 2,
      output: {
        error: { code: 'too-many-rejected' },
        accounting: { read: 3, rejected: 1 },
        rejectKinds: { 'not a number': 1 },
        rejects: [{ line: 3, kind: 'not a number', found: 'four' }],
      },
    });
    expect(await outputOf(dir, 'datasets')).toEqual({ datasets: [] });
    await outputOf(dir, 'import', file, '--name', 'bad', '--max-rejected', '50');
  });

  it('compares unlike runs only by force', async () => {
    const train = (seed: string): Promise<Trained> =>
      outputOf<Trained>(
        shared,
        'train',
        '--dataset',
        'Sample (synthetic)',
        '--model',
        'popularity',
        '--split-seed',
        seed,
      );
    const ids = [(await train('1')).run.id, (await train('2')).run.id];
    const refused = await workbench(shared, 'compare', ...ids);
    expect(refused).toMatchObject({
      code: 2,
      output: { comparable: false, error: { code: 'incomparable' } },
    });
    expect((refused.output as { differences: unknown[] }).differences).not.toEqual([]);
    expect(await outputOf(shared, 'compare', ...ids, '--force')).toMatchObject({ comparable: false });
  });

  const small = sharedData('ml-latest-small/ratings.csv');
  const hundred = sharedData('ml-100k/u.data');
  it.skipIf(!small || !hundred)('imports MovieLens with nothing rejected and beats the biases', async () => {
    const dir = temporaryFolder();
    const latest = await outputOf(dir, 'import', small ?? '', '--name', 'small');
    expect(latest).toMatchObject({
      dataset: { users: 610, items: 9724, ratings: 100836 },
      accounting: { rejected: 0 },
    });
    const ml = await outputOf(dir, 'import', hundred ?? '', '--name', 'ml');
    expect(ml).toMatchObject({
      dataset: { users: 943, items: 1682, ratings: 100000 },
      accounting: { rejected: 0 },
    });
    const mf = await outputOf<Trained>(
      dir,
      'train',
      '--dataset',
      'ml',
      '--model',
      'mf',
      '--set',
      'epochs=20',
    );
    const bias = await outputOf<Trained>(dir, 'train', '--dataset', 'ml', '--model', 'bias');
    expect(mf.metrics.test.rmse).toBeLessThanOrEqual(0.93);
    expect(mf.metrics.test.rmse).toBeLessThanOrEqual(bias.metrics.test.rmse - 0.01);
  });
});
