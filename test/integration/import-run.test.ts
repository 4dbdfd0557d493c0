/** Runs made elsewhere: what was exported comes back with the same figures, and hostile files are refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { walkLines } from '../fixtures/walk.ts';

interface Told {
  run: { id: string; model: string; split: { hash: string } };
  metrics: { test: Record<string, number> };
  accounting: Record<string, number>;
  notes: string[];
  rejectKinds: object;
  rejects: { line: number; kind: string }[];
}
interface Compared {
  comparable: boolean;
  pairs: { metric: string; difference: number; same: number; pValue: number }[];
  verdict: { headline: string };
}

const shared = mkdtempSync(join(tmpdir(), 'workbench-test-'));
const data = join(shared, 'data');
afterAll(() => rmSync(shared, { recursive: true, force: true }));

const train = (dataset: string, model: string, name: string, ...more: string[]): Promise<Told> =>
  outputOf<Told>(
    data,
    ...[
      'train',
      '--dataset',
      dataset,
      '--model',
      model,
      '--name',
      name,
      '--split',
      'leave-last-out',
      ...more,
    ],
  );
const exported = async (run: string, kind: 'lists' | 'predictions'): Promise<string> => {
  const file = join(shared, `${run}-${kind}.csv`);
  await outputOf(data, 'export-run', run, `--${kind}`, file);
  return file;
};
const imported = (dataset: string, name: string, ...words: string[]): Promise<Told> =>
  outputOf<Told>(data, 'import-run', '--dataset', dataset, '--name', name, ...words);

beforeAll(async () => {
  // All candidates of "few" fit into a list of 50; those of "many" do not.
  for (const [name, items] of [
    ['few', 40],
    ['many', 160],
  ] as const) {
    const file = join(shared, `${name}.csv`);
    writeFileSync(file, walkLines(40, items).join('\n'));
    await outputOf(data, 'import', file, '--name', name);
  }
  await train('few', 'popularity', 'few-popularity');
  await train('many', 'bpr', 'many-bpr', '--set', 'epochs=3');
  await train('many', 'mf', 'many-mf', '--set', 'epochs=3');
});

describe('lists of a run that are exported and come back', () => {
  it.each([
    ['few', 'few-popularity'],
    ['many', 'many-bpr'],
    ['many', 'many-mf'],
  ])('have its figures to 1e-12, ties included, and its verdict says so (%s, %s)', async (dataset, run) => {
    const { run: original, metrics } = await outputOf<Told>(data, 'run', run);
    const own = await imported(
      dataset,
      ...[`${run}-back`, '--split-of', run, '--lists', await exported(run, 'lists')],
      ...['--model-label', 'My model'],
    );
    expect(own.run).toMatchObject({ model: 'imported', split: { hash: original.split.hash } });
    const { read, imported: kept, ...others } = own.accounting;
    expect(kept).toBe(read);
    expect(others).toMatchObject({
      rejected: 0,
      unknownUsers: 0,
      unknownItems: 0,
      seenItems: 0,
      usersWithoutList: 0,
    });
    const cut = Object.keys(metrics.test).filter((key) => key.includes('@') && !key.startsWith('diversity'));
    expect(cut.length).toBeGreaterThan(30);
    for (const key of cut) expect(own.metrics.test[key], key).toBeCloseTo(metrics.test[key], 12);
    if (dataset === 'few') {
      // With every candidate listed the whole ranking is known.
      expect(own.metrics.test.auc).toBeCloseTo(metrics.test.auc, 12);
      expect(own.metrics.test.tieRate).toBeCloseTo(metrics.test.tieRate, 12);
      expect(own.accounting.ties).toBeGreaterThan(0);
    } else {
      expect(own.metrics.test).not.toHaveProperty('auc');
      expect(own.notes.join(' ')).toMatch(/Left out: .*auc/);
    }
    const compared = await outputOf<Compared>(
      data,
      ...['compare', original.id, own.run.id, '--metric', 'ndcg@10'],
    );
    expect(compared.comparable).toBe(true);
    expect(compared.pairs[0]).toMatchObject({ difference: 0, same: 1, pValue: 1 });
    expect(compared.verdict.headline).toMatch(/cannot be told apart.*Every user has the same value/);
  });

  it('come as a TREC run as well, and are looked at like any list', async () => {
    const file = await exported('many-bpr', 'lists');
    const trec = join(shared, 'run.trec');
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    writeFileSync(
      trec,
      lines
        .map((line) => {
          const [user, item, rank, score] = line.split(',');
          return `${user} Q0 ${item} ${rank} ${score} mine`;
        })
        .join('\n'),
    );
    const own = await imported('many', 'trec', '--split-of', 'many-bpr', '--trec', trec);
    const { metrics } = await outputOf<Told>(data, 'run', 'many-bpr');
    expect(own.metrics.test['ndcg@10']).toBeCloseTo(metrics.test['ndcg@10'], 12);
    const list = (run: string): Promise<{ items: { item: string }[] }> =>
      outputOf(data, 'recommend', '--run', run, '--user', 'u3', '--top', '10');
    expect((await list('trec')).items.map(({ item }) => item)).toEqual(
      (await list('many-bpr')).items.map(({ item }) => item),
    );
  });

  it('are behind every place where they do not hold a test item, and count users without a list', async () => {
    const file = await exported('many-bpr', 'lists');
    const cutOff = join(shared, 'cut.csv');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const kept = lines.filter(
      (line) => /rank/.test(line) || (Number(line.split(',')[2]) <= 7 && !line.startsWith('u1,')),
    );
    writeFileSync(cutOff, kept.join('\n'));
    const own = await imported('many', 'cut', '--split-of', 'many-bpr', '--lists', cutOff);
    const { metrics } = await outputOf<Told>(data, 'run', 'many-bpr');
    expect(own.accounting).toMatchObject({ usersWithoutList: 1, read: 39 * 7 });
    expect(own.metrics.test['hr@5']).toBeLessThanOrEqual(metrics.test['hr@5']);
    expect(Object.keys(own.metrics.test).filter((key) => key.startsWith('hr@'))).toEqual(['hr@5']);
    expect(own.notes.join(' ')).toMatch(/1 of 40 users that are tested have no list/);
  });
});

describe('predictions of a run that are exported and come back', () => {
  it('have its errors', async () => {
    const { metrics } = await outputOf<Told>(data, 'run', 'many-mf');
    const file = await exported('many-mf', 'predictions');
    const own = await imported('many', 'predicted', '--split-of', 'many-mf', '--predictions', file);
    for (const key of ['rmse', 'rmseClipped', 'mae', 'maeClipped'])
      expect(own.metrics.test[key], key).toBeCloseTo(metrics.test[key], 12);
    expect(own.metrics.test).not.toHaveProperty('ndcg@10');
    const compared = await outputOf<Compared>(data, 'compare', 'many-mf', 'predicted', '--metric', 'rmse');
    expect(compared.verdict.headline).toMatch(/cannot be told apart/);
    expect(compared.pairs[0].difference).toBe(0);
  });

  it('take the mean of the training ratings where a test row has none', async () => {
    const file = await exported('many-mf', 'predictions');
    const some = join(shared, 'some.csv');
    writeFileSync(some, readFileSync(file, 'utf8').trim().split('\n').slice(0, -5).join('\n'));
    const own = await imported('many', 'some', '--split-of', 'many-mf', '--predictions', some);
    expect(own.notes.join(' ')).toMatch(/5 test rows have no prediction/);
    expect(own.metrics.test.rmse).toBeGreaterThan(0);
  });
});

describe('import-run accounts for every record and refuses what it cannot use', () => {
  const written = (...lines: string[]): string => {
    const file = join(temporaryFolder(), 'lists.csv');
    writeFileSync(file, lines.join('\n'));
    return file;
  };
  const refused = async (...words: string[]): Promise<{ code: string; message: string }> => {
    const { code, output } = await workbench(
      data,
      'import-run',
      '--dataset',
      'many',
      '--name',
      'no',
      ...words,
    );
    expect(code).toBe(2);
    return (output as { error: { code: string; message: string } }).error;
  };

  it('trims ids as imports do, and counts unknown ids, seen items and repeats apart', async () => {
    const pairs = walkLines(40, 160)
      .slice(1)
      .map((line) => line.split(','));
    const seen = pairs.filter(([user]) => user === 'u2').map(([, item]) => item);
    const fresh = [...new Set(pairs.map(([, item]) => item))].filter((item) => !seen.includes(item));
    const rows = Array.from({ length: 60 }, (_, k) => `u2,${fresh[k]},${60 - k}`);
    const file = written(
      ...['user,item,score', ...rows],
      ...[` u2 ,"=""${fresh[70]}""",.5`, `u2,${seen[0]},9`, `u2,${fresh[0]},3`],
      ...['nobody,i1,1', 'u2,nothing,1', `u2,${fresh[71]},much`],
    );
    const own = await imported('many', 'accounts', '--split', 'leave-last-out', '--lists', file);
    expect(own.accounting).toMatchObject({
      ...{ read: 66, imported: 61, rejected: 2, unknownUsers: 1, unknownItems: 1, seenItems: 1 },
      ...{ usersWithoutList: 39, ties: 0 },
    });
    expect(own.rejectKinds).toEqual({ duplicate: 1, 'not a number': 1 });
    expect(own.rejects.map(({ line }) => line)).toEqual([64, 67]);
  });

  it('names what is wrong with a file', async () => {
    const alien = written('user,item,score', 'a,b,1', 'c,d,2');
    expect(await refused('--lists', alien)).toMatchObject({ code: 'nothing-imported' });
    const infinite = written('user,item,score', ...Array.from({ length: 20 }, (_, k) => `u1,i${k},1e999`));
    const { code, message } = await refused('--lists', infinite);
    expect([code, message]).toEqual([
      'too-many-rejected',
      expect.stringMatching(/\d+ of 20 records .*not a number: \d+.*line 2/),
    ]);
    expect(await refused('--lists', written('u1,i1,3,4', 'u1,i2,2,1'))).toMatchObject({
      code: 'columns-needed',
    });
    expect(await refused('--trec', written('u1 i1 1', 'u1 i2 2'))).toMatchObject({ code: 'not-a-run-file' });
    expect(await refused('--lists', written('{"user":1}'))).toMatchObject({ code: 'not-a-run-file' });
    expect(await refused('--lists', written(''))).toMatchObject({
      code: expect.stringMatching(/empty|nothing/) as string,
    });
    expect(await refused('--lists', join(shared, 'nowhere.csv'))).toMatchObject({ code: 'no-file' });
    expect(await refused()).toMatchObject({ code: 'file-needed' });
    expect(await refused('--lists', alien, '--trec', alien)).toMatchObject({ code: 'file-needed' });
    const other = await refused('--split-of', 'few-popularity', '--lists', alien);
    expect(other).toMatchObject({ code: 'other-data' });
    const runs = await outputOf<{ runs: { name: string }[] }>(data, 'runs');
    expect(runs.runs.map(({ name }) => name)).not.toContain('no');
  });
});

it('takes the column rating for the score of lists, as WarpRec writes them', async () => {
  const file = await exported('many-bpr', 'lists');
  const renamed = join(shared, 'warprec.csv');
  writeFileSync(
    renamed,
    readFileSync(file, 'utf8').replace('user,item,rank,score', 'user_id,item_id,place,rating'),
  );
  const own = await imported('many', 'warprec', '--split-of', 'many-bpr', '--lists', renamed);
  const { metrics } = await outputOf<Told>(data, 'run', 'many-bpr');
  expect(own.metrics.test['ndcg@10']).toBeCloseTo(metrics.test['ndcg@10'], 12);
});
