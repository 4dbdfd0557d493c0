import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { markerName, writeMark } from '../../../main/base/data-folder.ts';
import { makeOutputFolder, writeOutput } from '../../../main/base/output.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

let folder: string;
let dataDir: string;
const magic = 'SQLite format 3\0 and the rest';
beforeEach(() => {
  folder = temporaryFolder();
  dataDir = join(folder, 'Data');
  mkdirSync(join(dataDir, 'deep', 'er'), { recursive: true });
  writeMark(dataDir);
  writeFileSync(join(dataDir, 'workbench.db'), magic);
});

const write = (path: string, options = {}): Promise<void> =>
  writeOutput(path, (draft) => draft.write('new'), options);
const refusal = (words: string | RegExp) =>
  expect.objectContaining({
    code: 'file-unusable',
    message: typeof words === 'string' ? (expect.stringContaining(words) as string) : words,
  }) as unknown;

describe('an output', () => {
  it('appears whole, replaces what was there, keeps its rights and leaves nothing beside it', async () => {
    const path = join(folder, 'out.csv');
    await write(path);
    chmodSync(path, 0o640);
    const seen: string[] = [];
    await writeOutput(path, ({ write: add }) => {
      add('half, ');
      seen.push(readFileSync(path, 'utf8'));
      add('whole');
    });
    expect([...seen, readFileSync(path, 'utf8')]).toEqual(['new', 'half, whole']);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['Data', 'out.csv']);
  });

  it('leaves the old file and no draft where it fails', async () => {
    const path = join(folder, 'out.csv');
    await write(path);
    const failing = writeOutput(path, (draft) => {
      draft.write('half');
      throw new Error('broke off');
    });
    await expect(failing).rejects.toThrow('broke off');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['Data', 'out.csv']);
  });

  it('is an empty file where nothing was written', async () => {
    await writeOutput(join(folder, 'empty'), () => undefined);
    expect(readFileSync(join(folder, 'empty'), 'utf8')).toBe('');
  });

  it.each([
    ['the database', 'workbench.db'],
    ['another name', 'other.bin'],
    ['the mark', markerName],
    ['a folder below', 'deep/er/x.csv'],
    ['a spelling with ..', 'deep/../../Data/workbench.db'],
  ])('never lies in a data folder: %s', async (_, name) => {
    await expect(write(`${dataDir}/${name}`)).rejects.toEqual(refusal('a data folder of the workbench'));
    const fromHere = relative(process.cwd(), `${dataDir}/${name}`);
    await expect(write(fromHere)).rejects.toEqual(refusal('a data folder of the workbench'));
    expect(readFileSync(join(dataDir, 'workbench.db'), 'utf8')).toBe(magic);
  });

  it('may be a new CSV straight in a data folder, and never replaces one there', async () => {
    await write(join(dataDir, 'export.csv'));
    await expect(write(join(dataDir, 'export.csv'))).rejects.toEqual(refusal('a data folder'));
    await expect(write(join(dataDir, 'workbench.db'))).rejects.toEqual(refusal('a data folder'));
    rmSync(join(dataDir, 'export.csv'));
  });

  it('never lies in a data folder through a link to the folder, to the file, or to a link', async () => {
    symlinkSync(dataDir, join(folder, 'alias'));
    symlinkSync(join(folder, 'alias', 'workbench.db'), join(folder, 'mine.csv'));
    symlinkSync('mine.csv', join(folder, 'again.csv'));
    for (const name of ['alias/workbench.db', 'alias/new.bin', 'mine.csv', 'again.csv'])
      await expect(write(join(folder, name))).rejects.toEqual(refusal('a data folder'));
    symlinkSync(join(dataDir, 'not-yet.csv'), join(folder, 'dangling.csv'));
    await expect(write(join(folder, 'dangling.csv'))).rejects.toEqual(refusal('a link that leads nowhere'));
    expect(readFileSync(join(dataDir, 'workbench.db'), 'utf8')).toBe(magic);
  });

  it('never takes a hard link to a database', async () => {
    linkSync(join(dataDir, 'workbench.db'), join(folder, 'mine.csv'));
    await expect(write(join(folder, 'mine.csv'))).rejects.toEqual(refusal('another name of a database'));
  });

  it('knows a data folder of the first version, which has no mark, by its database', async () => {
    const old = join(folder, 'old');
    mkdirSync(old);
    writeFileSync(join(old, 'workbench.db'), magic);
    await expect(write(join(old, 'x.bin'))).rejects.toEqual(refusal('a data folder'));
  });

  it('goes through a link to a file elsewhere, which stays a link', async () => {
    writeFileSync(join(folder, 'real.csv'), 'old');
    symlinkSync('real.csv', join(folder, 'link.csv'));
    await write(join(folder, 'link.csv'));
    expect(readFileSync(join(folder, 'real.csv'), 'utf8')).toBe('new');
  });

  it('replaces nothing but a regular file', async () => {
    await expect(write(join(folder, 'Data'))).rejects.toEqual(refusal('a folder, not a file'));
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(write(join(folder, 'pipe'))).rejects.toEqual(refusal('a device or a pipe'));
    expect(statSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    await expect(write('/dev/null')).rejects.toEqual(refusal('a device or a pipe'));
  });

  it('replaces no file that is being read, by whatever name', async () => {
    const input = join(folder, 'in.csv');
    writeFileSync(input, 'precious');
    linkSync(input, join(folder, 'other.csv'));
    for (const name of ['in.csv', 'other.csv'])
      await expect(write(join(folder, name), { reading: [input] })).rejects.toEqual(
        refusal('one of the files to read'),
      );
    expect(readFileSync(input, 'utf8')).toBe('precious');
  });

  it('says which folder is missing, by the name that the person gave', async () => {
    await expect(write(join(folder, 'no', 'x.csv'))).rejects.toMatchObject({
      code: 'ENOENT',
      path: join(folder, 'no', 'x.csv'),
    });
  });

  it('takes away the drafts of processes that were killed, and of nobody else', async () => {
    const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
    const gone = `.workbench-${machine}-999999999-0123456789ab.part`;
    const others = [
      `.workbench-${machine}-${process.pid}-0123456789ab.part`,
      '.workbench-00000000-999999999-0123456789ab.part',
      `${gone}.txt`,
    ];
    for (const name of [gone, ...others]) writeFileSync(join(folder, name), '');
    await write(join(folder, 'out.csv'));
    expect(readdirSync(folder).sort()).toEqual([...others, 'Data', 'out.csv'].sort());
  });

  it('puts apostrophes before formulas where it was asked to', async () => {
    const path = join(folder, 'out.csv');
    await writeOutput(path, (draft) => draft.write('a,=1+1\n'), { safeForSpreadsheets: true });
    expect(readFileSync(path, 'utf8')).toBe("a,'=1+1\n");
  });
});

describe('a folder of outputs', () => {
  it('is made, may be there, and is neither a file nor in a data folder', () => {
    const path = join(folder, 'recbole');
    makeOutputFolder(path);
    makeOutputFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeOutputFolder(join(folder, 'file'))).toThrow('it is a file');
    for (const inside of [dataDir, join(dataDir, 'x')])
      expect(() => makeOutputFolder(inside)).toThrow('a data folder');
  });
});
