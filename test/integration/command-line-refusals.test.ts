/** What the command line refuses, and how it says so; what two commands at once do to each other. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { models } from '../../main/models/registry.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { startWorkbench, until } from '../fixtures/workbench.ts';

const sample = 'Sample (synthetic)';
const files = mkdtempSync(join(tmpdir(), 'workbench-test-'));
const dir = join(files, 'data');
const ratings = join(files, 'ratings.csv');

beforeAll(async () => {
  await outputOf(dir, 'sample');
  writeFileSync(ratings, 'user,item,rating\na,x,4\na,y,2\nb,x,5\n');
});
afterAll(() => rmSync(files, { recursive: true, force: true }));

const train = (...words: string[]): ReturnType<typeof workbench> =>
  workbench(dir, 'train', '--dataset', sample, ...words);

describe('a command that is asked for wrongly', () => {
  it.each([
    ['--split nope', 'wrong-use'],
    ['--test-share 1', 'wrong-use'],
    ['--folds 1', 'wrong-use'],
    ['--candidates sampled', 'wrong-use'],
    ['--k 0', 'wrong-use'],
    ['--seed 1.5', 'wrong-use'],
    ['--threads 0', 'wrong-use'],
    ['--compute gpu', 'wrong-use'],
    ['--split given', 'no-given-split'],
    ['--candidates given', 'no-given-candidates'],
    ['--positive 6', 'nothing-positive'],
    ['--target hr@7', 'invalid-target'],
  ])('train %s: %s, and no run is stored', async (words, code) => {
    const refused = await train('--model', 'popularity', ...words.split(' '));
    expect(refused).toMatchObject({ code: 2, output: { error: { code } } });
    expect(await outputOf(dir, 'runs')).toEqual({ runs: [] });
  });

  it.each([
    ['--model popularity --compute tensorflow', 1, 'compute-unavailable'],
    ['--model ials --compute wasm', 1, 'compute-unavailable'],
    ['--model neumf --set layers=0', 2, 'invalid-parameter'],
    ['--model neumf --set layers=64,5000', 2, 'invalid-parameter'],
    ['--model mf --set learningRate=1e9', 2, 'invalid-parameter'],
    ['--model mf --set learningRat=1', 2, 'unknown-parameter'],
  ])('train %s: exit %i, %s, and no run is stored', async (words, exit, code) => {
    expect(await train(...words.split(' '))).toMatchObject({ code: exit, output: { error: { code } } });
    expect(await outputOf(dir, 'runs')).toEqual({ runs: [] });
  });

  it('takes --json and --data-dir before the command too, and has help for wrong words', async () => {
    expect(await workbench(dir, '--json', 'datasets')).toMatchObject({ code: 0, output: { datasets: [{}] } });
    expect(await workbench(dir)).toMatchObject({ code: 2, output: { error: { code: 'wrong-use' } } });
    expect(await workbench(dir, 'train')).toMatchObject({
      output: { error: { hint: 'See workbench train --help.' } },
    });
  });

  it('says which folder or file cannot be written', async () => {
    const nowhere = join(files, 'nowhere', 'file.csv');
    const unusable = { code: 2, output: { error: { code: 'file-unusable' } } };
    expect(await workbench(dir, 'export', '--dataset', sample, '--out', nowhere)).toMatchObject(unusable);
    expect(await workbench(dir, 'export', '--dataset', sample, '--out', dir)).toMatchObject(unusable);
    const imported = await workbench(dir, 'import', ratings, '--name', 'r', '--rejects-out', nowhere);
    expect(imported).toMatchObject(unusable);
    expect((imported.output as { error: { message: string } }).error.message).toContain(nowhere);
    expect(await workbench(ratings, 'datasets')).toMatchObject({
      code: 2,
      output: { error: { code: 'not-a-folder' } },
    });
  });

  it.skipIf(process.platform !== 'linux')('ends where no folder can be made', async () => {
    expect(await workbench('/proc/none/here', 'datasets')).toMatchObject({
      code: 2,
      output: { error: { code: 'not-a-folder' } },
    });
  });
});

describe('derive', () => {
  it('takes no year for a moment', async () => {
    const year = ['--dataset', sample, '--name', 'late', '--from', '2016'];
    expect(await workbench(dir, 'derive', ...year)).toMatchObject({
      code: 2,
      output: { error: { code: 'not-a-moment', hint: 'Write a date, as 2016-01-01.' } },
    });
  });
  it('makes no copies', async () => {
    expect(await workbench(dir, 'derive', '--dataset', sample, '--name', 'copy')).toMatchObject({
      code: 2,
      output: { error: { code: 'no-filter' } },
    });
  });
});

describe('import', () => {
  it('checks without storing, with or without a name', async () => {
    const checked = await outputOf(dir, 'import', ratings, '--dry-run', '--name', 'later');
    expect(checked).toMatchObject({
      dataset: { id: null, name: 'later', users: 2, items: 2, ratings: 3, fingerprint: null },
      accounting: { read: 3, imported: 3 },
    });
    expect(await outputOf(dir, 'import', ratings, '--dry-run')).toMatchObject({ dataset: { name: null } });
    expect(await workbench(dir, 'import', ratings)).toMatchObject({
      code: 2,
      output: { error: { code: 'name-needed' } },
    });
  });

  it('writes rejected records over none of its files, and into no folder', async () => {
    const before = readFileSync(ratings, 'utf8');
    for (const out of [ratings, dir]) {
      expect(await workbench(dir, 'import', ratings, '--dry-run', '--rejects-out', out)).toMatchObject({
        code: 2,
        output: { error: { code: 'file-unusable' } },
      });
    }
    expect(readFileSync(ratings, 'utf8')).toBe(before);
  });

  it('writes the rejected records of a refused import', async () => {
    const bad = join(files, 'bad.csv');
    const rejects = join(files, 'rejects.csv');
    writeFileSync(bad, 'user,item,rating\na,x,4\na,y,two\n');
    expect(await workbench(dir, 'import', bad, '--name', 'bad', '--rejects-out', rejects)).toMatchObject({
      code: 2,
      output: { error: { code: 'too-many-rejected' }, accounting: { rejected: 1 } },
    });
    expect(readFileSync(rejects, 'utf8').split('\n').slice(1)).toEqual([
      '3,not a number,rating,two,a number,"a,y,two",1',
      '',
    ]);
  });

  it('takes the first record for a header where a column is asked for by its name', async () => {
    const foreign = join(files, 'foreign.csv');
    writeFileSync(foreign, 'Kunde;Artikel;Wertung\nä;x;4,5\nb;y;n/a\n');
    const columns = ['--user', 'Kunde', '--item', 'Artikel', '--rating', 'Wertung'];
    expect(
      await outputOf(dir, 'import', foreign, '--dry-run', ...columns, '--max-rejected', '50'),
    ).toMatchObject({ accounting: { read: 2, imported: 1, rejected: 1 } });
    const unnamed = await workbench(dir, 'import', foreign, '--dry-run');
    expect(unnamed).toMatchObject({ code: 2, output: { error: { code: 'columns-needed' } } });
    expect((unnamed.output as { error: { hint: string } }).error.hint).toContain('Artikel');
  });
});

describe('runs', () => {
  it('tells folds apart, cancels only what runs, exports only what is named', async () => {
    const { runs } = await outputOf<{ runs: { run: { id: string; name: string } }[] }>(
      dir,
      ...['train', '--dataset', sample, '--model', 'popularity', '--name', 'folded'],
      ...['--split', 'k-fold', '--folds', '2'],
    );
    expect(runs.map(({ run }) => run.name)).toEqual(['folded fold 1', 'folded fold 2']);
    expect(await workbench(dir, 'cancel', 'folded fold 1')).toMatchObject({
      code: 2,
      output: { error: { code: 'not-running' } },
    });
    expect(await workbench(dir, 'export-run', runs[0].run.id)).toMatchObject({
      code: 2,
      output: { error: { code: 'files-needed' } },
    });
    const factors = join(files, 'factors.csv');
    expect(await workbench(dir, 'export-run', runs[0].run.id, '--factors', factors)).toMatchObject({
      code: 2,
      output: { error: { code: 'nothing-to-export' } },
    });
    expect(existsSync(factors)).toBe(false);
  });

  it('recommends seen items where the run kept them among the candidates', async () => {
    const words = ['train', '--dataset', sample, '--model', 'popularity', '--keep-seen', '--name', 'seen'];
    await outputOf(dir, ...words);
    const list = (top: string): Promise<{ history: { item: string }[]; items: { item: string }[] }> =>
      outputOf(dir, 'recommend', '--run', 'seen', '--user', 'u0001', '--top', top);
    const [stored, computed] = [await list('50'), await list('60')];
    expect(computed.items.slice(0, 50).map(({ item }) => item)).toEqual(stored.items.map(({ item }) => item));
    expect(await workbench(dir, 'resume', 'seen')).toMatchObject({
      code: 2,
      output: { error: { code: 'not-interrupted' } },
    });
    const known = new Set(stored.history.map(({ item }) => item));
    expect(stored.items.some(({ item }) => known.has(item))).toBe(true);
  });

  it('waits for the runs of a sample that comes with runs', async () => {
    const other = join(files, 'other');
    await outputOf(other, 'sample', '--with-runs');
    const { runs } = await outputOf<{ runs: { name: string; status: string }[] }>(other, 'runs');
    const shown = models.filter(({ sample: parameters }) => parameters).map(({ title }) => title);
    expect(runs.map(({ name }) => name).sort()).toEqual(shown.sort());
    expect(runs.filter(({ status }) => status !== 'finished')).toEqual([]);
  });

  it('a command that joined ends well when the one that it joined is stopped', async () => {
    const first = startWorkbench(
      dir,
      ...['train', '--dataset', sample, '--model', 'mf', '--name', 'long'],
      ...['--set', 'epochs=10000', '--set', 'patience=0'],
    );
    const statusOf = (name: string) => async (): Promise<string | undefined> => {
      const { runs } = await outputOf<{ runs: { name: string; status: string }[] }>(dir, 'runs');
      return runs.find((run) => run.name === name)?.status;
    };
    await until('engine', () => existsSync(join(dir, 'engine.json')));
    await expect.poll(statusOf('long')).toBe('running');
    const joined = startWorkbench(
      dir,
      ...['train', '--dataset', sample, '--model', 'popularity', '--name', 'short'],
    );
    await expect.poll(statusOf('short')).toBe('queued');
    first.process.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 1, output: { error: { code: 'cancelled' } } });
    expect(await joined.ended).toMatchObject({ code: 0, output: { run: { status: 'finished' } } });
  });
});
