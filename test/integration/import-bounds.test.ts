/** Files that are built to be too much: what is said of them stays small, and so does what they cost. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../main/files/import.ts';
import { WorkbenchError } from '../../main/base/errors.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { zipOf } from '../fixtures/data/zip.ts';

const folder = temporaryFolder();

async function errorOf(path: string, options = {}): Promise<WorkbenchError> {
  const error: unknown = await importFile(path, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkbenchError)) throw new Error(`No WorkbenchError but ${String(error)}`);
  return error;
}

describe('an import', () => {
  it('of an archive of 20,000 files names a few, those that can be data first', async () => {
    const members = Array.from({ length: 20_000 }, (_, k) => [`photos/${k}.jpg`, ''] as const);
    const data = ['a.csv', 'b.csv'].map((name) => [name, 'user,item\n1,2\n'] as const);
    const path = folder.write('many.zip', zipOf(Object.fromEntries([...members, ...data])));
    const { code, hint, details } = await errorOf(path);
    expect(code).toBe('member-needed');
    expect(hint).toContain('a.csv, b.csv, photos/0.jpg');
    expect(JSON.stringify(details).length).toBeLessThan(20_000);
  });

  it('of a row over and over, packed to a thousandth, ends before it costs memory', async () => {
    const path = folder.write('bomb.csv.gz', gzipSync('user,item,rating\n' + '1,2,3\n'.repeat(12_000_000)));
    expect((await errorOf(path)).code).toBe('unpacks-too-far');
  });

  it('of JSON that is nested without end rejects the record, with the reason', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const lines = ['{"user":1,"item":2,"rating":3}', `{"user":1,"item":3,"rating":${deep}}`];
    const { rejectKinds } = await importFile(folder.write('deep.jsonl', lines.join('\n')), {
      maxRejected: 50,
    });
    expect(rejectKinds).toEqual({ 'bad record': 1 });
  });
});

it('an error is bounded whatever file it tells of', () => {
  const long = 'x'.repeat(100_000);
  let deep: unknown = 1;
  for (let k = 0; k < 1000; k++) deep = { deep };
  const { message, hint, details } = new WorkbenchError('code', long, long, {
    text: long,
    list: Array.from({ length: 100_000 }, () => 7),
    deep,
    column: Float32Array.of(1),
  });
  expect(message.length + hint.length + JSON.stringify(details).length).toBeLessThan(20_000);
  expect(new WorkbenchError('code', 'short', 'hint', { n: [1, null, 'two'] })).toMatchObject({
    message: 'short',
    details: { n: [1, null, 'two'] },
  });
});
