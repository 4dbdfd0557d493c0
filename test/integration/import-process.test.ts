/** The importer as a process: what it stages, what a cancelled or killed one leaves. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStaged, removeStaged } from '../../main/files/staged.ts';
import type { ImporterResult } from '../../main/files/importer-protocol.ts';
import { uniform } from '../../main/files/derive.ts';
import { forkImporter } from '../fixtures/data/importer.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';

const folder = temporaryFolder();
const importer = forkImporter();
afterAll(() => importer.child.kill());

/** `npm run fuzz -- importer` kills more often. */
const kills = import.meta.env.MODE === 'fuzz' ? 100 : 20;

async function done(job: Parameters<typeof importer.run>[0]): Promise<ImporterResult> {
  const message = await importer.run(job);
  if (message?.type !== 'done') throw new Error(JSON.stringify(message));
  return message.result;
}

const manyRows = (n: number): string =>
  'user,item,rating,time\n' +
  Array.from({ length: n }, (_, k) => `${k % 997},${k % 1009},${1 + (k % 5)},${k}\n`).join('');

describe('the importer process', () => {
  it('writes what was rejected exactly, or safe for a spreadsheet', async () => {
    const bad = '=HYPERLINK(1)';
    const path = folder.write('odd.csv', `user,item,rating\nu,i,${bad}\n"a\nb",y,-x\na,x,1\n`);
    const text = async (safeForSpreadsheets: boolean): Promise<string> => {
      const [staging, rejectsOut] = ['staging-odd', 'odd-rejects.csv'].map((name) => join(folder.path, name));
      await done({
        job: 'import',
        path,
        options: { maxRejected: 70, rejectsOut, safeForSpreadsheets },
        staging,
      });
      removeStaged(staging);
      return readFileSync(rejectsOut, 'utf8');
    };
    expect(await text(false)).toContain(`,${bad},`);
    const safe = await text(true);
    expect(safe).toContain(`,'${bad},`);
    expect(safe).toContain(",'-x,");
  });

  it('stages columns, ids and a manifest that the engine reads back', async () => {
    const path = folder.write('small.csv', 'user,item,rating\nb,x,1\na,x,2\nb,y,bad\nb,z,4.5\n');
    const items = folder.write('items.csv', 'item,title,genres\nx,"The X (1999)",A|B\nq,Other,\n');
    const staging = join(folder.path, 'staging');
    const options = { items: { path: items }, maxRejected: 50, rejectsOut: join(folder.path, 'mine.csv') };
    const result = await done({ job: 'import', path, options, staging });
    expect(result).toMatchObject({
      job: 'import',
      summary: { users: 2, items: 2, ratings: 3, titles: 1, step: 0.5 },
    });
    const staged = readStaged(staging);
    expect(staged.userIds()).toEqual(['b', 'a']);
    expect(staged.items()).toEqual([
      { id: 'x', title: 'The X (1999)', genres: 'A|B', year: 1999, image: null },
      { id: 'z', title: null, genres: null, year: null, image: null },
    ]);
    const pieces: Buffer[] = [];
    for await (const piece of staged.chunks('value')) pieces.push(Buffer.from(piece));
    const value = Buffer.concat(pieces);
    expect([
      ...new Float32Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.length)),
    ]).toEqual([1, 4.5, 2]);
    expect(Object.keys(staged.columns)).toEqual(['start', 'item', 'value']);
    expect(staged.report?.itemsReport).toMatchObject({
      read: 2,
      matched: 1,
      unused: 1,
      rejected: 0,
      repeated: 0,
    });
    expect(staged.rejectsFile && existsSync(staged.rejectsFile)).toBe(true);
    expect(existsSync(options.rejectsOut)).toBe(true);
    removeStaged(staging);
    expect(existsSync(staging)).toBe(false);
  });

  it('reports a refusal with its accounts, and takes the next job', async () => {
    const path = folder.write('bad.csv', 'user,item,rating\na,b,x\n');
    const staging = join(folder.path, 'refused');
    const failed = await importer.run({ job: 'import', path, options: {}, staging });
    expect(failed).toMatchObject({
      type: 'failed',
      cancelled: false,
      error: { code: 'too-many-rejected', details: { accounting: { read: 1, rejected: 1 } } },
    });
    expect(() => readStaged(staging)).toThrow('did not finish');
    expect((await done({ job: 'sample', seed: 1, staging: join(folder.path, 'sample') })).job).toBe('sample');
    expect(readStaged(join(folder.path, 'sample')).summary).toMatchObject({
      users: 1000,
      items: 800,
      titles: 800,
    });
  });

  it('cancels while it reads', async () => {
    const path = folder.write('long.csv', manyRows(1_000_000));
    const staging = join(folder.path, 'cancelled');
    const ended = await importer.run({ job: 'import', path, options: {}, staging }, () => importer.cancel());
    expect(ended).toMatchObject({ type: 'failed', cancelled: true, error: { code: 'cancelled' } });
    expect(existsSync(join(staging, 'manifest.json'))).toBe(false);
  });

  it(`killed at any moment, it leaves a whole data set or nothing that counts (${kills} times)`, async () => {
    const path = folder.write('killed.csv', manyRows(150_000));
    const before = readdirSync(folder.path).length;
    const random = uniform(5);
    let whole = 0;
    const trial = async (k: number): Promise<void> => {
      const staging = join(folder.path, `killed-${k}`);
      const victim = forkImporter();
      await victim.ready;
      const ended = victim.run({ job: 'import', path, options: {}, staging });
      setTimeout(() => victim.child.kill('SIGKILL'), random() * 250);
      await ended;
      victim.child.kill('SIGKILL');
      if (existsSync(join(staging, 'manifest.json'))) {
        whole++;
        const staged = readStaged(staging);
        expect(staged.summary.ratings).toBe(staged.report?.accounting.imported);
        expect(staged.report?.accounting.read).toBe(150_000);
      } else expect(() => readStaged(staging)).toThrow('did not finish');
      removeStaged(staging);
    };
    for (let k = 0; k < kills; k += 2) await Promise.all([trial(k), trial(k + 1)]);
    expect(readdirSync(folder.path)).toHaveLength(before);
    expect(whole).toBeLessThan(kills);
  }, 300_000);
});
