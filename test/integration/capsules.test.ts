/** Capsules of runs: what goes out comes in elsewhere as it was; hostile files are refused. Re-runs, weights. */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl, { type Entry, type Options, type ZipFile as OpenZip } from 'yauzl';
import { ZipFile } from 'yazl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { walkLines } from '../fixtures/walk.ts';

interface Told {
  run: { id: string; name: string; fingerprint: string; config: unknown; compute: unknown };
  metrics: unknown;
  epochs: unknown[];
  cost: unknown;
}

const shared = mkdtempSync(join(tmpdir(), 'workbench-test-'));
const here = join(shared, 'here');
const ratings = join(shared, 'ratings.csv');
const bare = join(shared, 'bare.workbench-capsule');
const whole = join(shared, 'whole.workbench-capsule');
afterAll(() => rmSync(shared, { recursive: true, force: true }));

beforeAll(async () => {
  writeFileSync(ratings, walkLines(30, 60).join('\n'));
  await outputOf(here, 'import', ratings, '--name', 'walk');
  for (const [model, name] of [
    ['bpr', 'ranker'],
    ['mf', 'rater'],
  ])
    await outputOf(
      here,
      ...['train', '--dataset', 'walk', '--model', model, '--name', name, '--set', 'epochs=2'],
      ...['--split', 'leave-last-out'],
    );
  await outputOf(here, 'export-capsule', 'ranker', '--out', bare);
  await outputOf(here, 'export-capsule', 'ranker', 'rater', '--with-dataset', '--out', whole);
});

/** The files that a run exports, as one text. */
async function exported(data: string, run: string, ...kinds: string[]): Promise<string> {
  const folder = temporaryFolder();
  const files = kinds.map((kind) => [`--${kind}`, join(folder, `${kind}.csv`)]);
  await outputOf(data, 'export-run', run, ...files.flat());
  return files.map(([, file]) => readFileSync(file, 'utf8')).join('\n');
}

describe('a capsule', () => {
  it('opens in another data folder with its data set, and is as it was', async () => {
    const there = join(temporaryFolder(), 'there');
    const { runs } = await outputOf<{ runs: string[] }>(there, 'import-capsule', whole);
    expect(runs).toHaveLength(2);
    for (const [k, name] of ['ranker', 'rater'].entries()) {
      const before = await outputOf<Told>(here, 'run', name);
      const after = await outputOf<Told>(there, 'run', runs[k]);
      expect(after.run).toMatchObject({
        ...{
          name,
          fingerprint: before.run.fingerprint,
          config: before.run.config,
          compute: before.run.compute,
        },
      });
      expect([after.metrics, after.epochs, after.cost]).toEqual([before.metrics, before.epochs, before.cost]);
    }
    const kinds = ['lists', 'split', 'per-user', 'ranks', 'items', 'factors'];
    expect(await exported(there, runs[0], ...kinds)).toBe(await exported(here, 'ranker', ...kinds));
    const again = await outputOf<{ same: boolean; differs: unknown[] }>(there, 'rerun', runs[0]);
    expect(again).toMatchObject({ same: true, differs: [] });
    const compared = await outputOf<{ comparable: boolean }>(
      there,
      'compare',
      ...runs,
      '--metric',
      'ndcg@10',
    );
    expect(compared.comparable).toBe(true);
  });

  it('attaches to a stored data set of the same fingerprint, or says which is missing', async () => {
    const there = join(temporaryFolder(), 'there');
    const missing = await workbench(there, 'import-capsule', bare);
    expect(missing).toMatchObject({
      code: 2,
      output: {
        error: { code: 'dataset-needed', message: expect.stringMatching(/"walk" \(360 ratings/) as string },
      },
    });
    await outputOf(there, 'import', ratings, '--name', 'under another name');
    const { runs } = await outputOf<{ runs: string[] }>(there, 'import-capsule', bare);
    const list = await outputOf<{ items: unknown[] }>(there, 'recommend', '--run', runs[0], '--user', 'u1');
    expect(list.items).toHaveLength(10);
    const { datasets } = await outputOf<{ datasets: unknown[] }>(there, 'datasets');
    expect(datasets).toHaveLength(1);
  });

  it('holds finished runs alone, and is written nowhere that it would destroy something', async () => {
    const inside = await workbench(
      here,
      'export-capsule',
      'ranker',
      '--out',
      join(here, 'x.workbench-capsule'),
    );
    expect(inside).toMatchObject({ code: 2, output: { error: { code: 'file-unusable' } } });
    const unknown = await workbench(here, 'export-capsule', 'nobody', '--out', join(shared, 'x.zip'));
    expect(unknown).toMatchObject({ code: 2, output: { error: { code: 'run-missing' } } });
  });
});

const openZip = promisify<string, Options, OpenZip>(yauzl.open);

/** Members of a zip by name. */
async function membersOf(path: string): Promise<Map<string, Buffer>> {
  const zip = await openZip(path, { lazyEntries: true, autoClose: false });
  const found = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    const take = async (entry: Entry): Promise<void> => {
      const pieces: Buffer[] = [];
      const stream = await promisify(zip.openReadStream.bind(zip))(entry);
      for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
      found.set(entry.fileName, Buffer.concat(pieces));
      zip.readEntry();
    };
    zip.on('entry', (entry: Entry) => void take(entry).catch(reject));
    zip.on('end', () => resolve());
    zip.readEntry();
  });
  zip.close();
  return found;
}

interface Manifest {
  version: number;
  runs: {
    config: { split: object };
    epoch: number;
    arrays: { kind: string; name: string; file: string }[];
  }[];
  datasets: object[];
  files: { name: string; bytes: number; sha256: string }[];
}

/** A capsule whose members and manifest are changed; sizes and checksums are made to fit unless told. */
async function forged(
  change: (members: Map<string, Buffer>, manifest: Manifest) => void,
  fit = true,
): Promise<string> {
  const members = await membersOf(bare);
  const manifest = JSON.parse(String(members.get('capsule.json'))) as Manifest;
  change(members, manifest);
  if (fit)
    for (const file of manifest.files) {
      const bytes = members.get(file.name) ?? Buffer.alloc(0);
      file.bytes = bytes.length;
      file.sha256 = createHash('sha256').update(bytes).digest('hex');
    }
  members.set('capsule.json', Buffer.from(JSON.stringify(manifest)));
  const zip = new ZipFile();
  for (const [name, bytes] of members) zip.addBuffer(bytes, name);
  zip.end();
  const path = join(temporaryFolder(), 'forged.workbench-capsule');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

describe('a hostile capsule is refused with a reason', () => {
  const arrayOf = (manifest: Manifest, kind: string, name: string): string =>
    manifest.runs[0].arrays.find((array) => array.kind === kind && array.name === name)?.file ?? '';
  const refusal = async (path: string): Promise<string> => {
    const { code, output } = await workbench(here, 'import-capsule', path);
    expect(code).toBe(2);
    const { error } = output as { error: { code: string; message: string; hint: string } };
    expect(error.hint).not.toBe('');
    return `${error.code}: ${error.message}`;
  };

  it.each<[string, RegExp, (members: Map<string, Buffer>, manifest: Manifest) => void, boolean?]>([
    [
      'changed weights',
      /checksum/,
      (members, m) => members.get(arrayOf(m, 'weights', 'items'))?.fill(1, 0, 4),
      false,
    ],
    ['a member too large', /larger than it says|checksum|bytes/, (_, m) => (m.files[0].bytes = 3), false],
    ['a missing member', /missing/, (members, m) => void members.delete(m.files[0].name), false],
    [
      'a member that it does not tell of',
      /does not tell of/,
      (members) => members.set('runs/0/extra.bin', Buffer.alloc(4)),
    ],
    [
      'a name that leads out',
      /wrong files|name of a member/,
      (_, m) => (m.files[0].name = '../../evil.bin'),
      false,
    ],
    ['a huge number', /wrong .*epoch/, (_, m) => (m.runs[0].epoch = 1e300)],
    ['a wrong schema', /wrong .*split/, (_, m) => (m.runs[0].config.split = { name: 'nonsense' })],
    [
      'parameters beyond their bounds',
      /Size = 1000000000: it must be at most/,
      (_, m) => Object.assign(m.runs[0], { parameters: { embeddingSize: 1e9 } }),
    ],
    ['a newer version', /capsule-newer/, (_, m) => (m.version = 99)],
    [
      'lists of items that there are not',
      /lists do not fit/,
      (members, m) => members.get(arrayOf(m, 'lists', 'items'))?.fill(0xff),
    ],
    [
      'per-user values of others',
      /per-user values do not fit/,
      (members, m) => members.get(arrayOf(m, 'perUser', 'users'))?.fill(0xff),
    ],
    ['parts that there are not', /split does not fit/, (members) => members.get('splits/0.bin')?.fill(9)],
    [
      'weights that are no numbers',
      /weights "items" of run .* no finite numbers/,
      (members, m) => members.get(arrayOf(m, 'weights', 'items'))?.writeFloatLE(NaN, 8),
    ],
    [
      'a data set twice',
      /has the data set .* twice/,
      (_, m) => void m.datasets.push(structuredClone(m.datasets[0])),
    ],
    ['a manifest that is none', /no JSON|wrong/, (_, m) => Object.assign(m, { runs: 'all of them' })],
  ])('%s', async (_, reason, change, fit) => {
    expect(await refusal(await forged(change, fit))).toMatch(reason);
  });

  it('but weights that its model cannot use are said when they are asked for', async () => {
    const path = await forged((_, m) => {
      m.runs[0].arrays = m.runs[0].arrays.filter(({ kind }) => kind !== 'weights');
    });
    const there = join(temporaryFolder(), 'there');
    await outputOf(there, 'import', ratings, '--name', 'walk');
    const { runs } = await outputOf<{ runs: string[] }>(there, 'import-capsule', path);
    const { output } = await workbench(there, 'neighbours', '--run', runs[0], '--item', '1');
    expect(output).toMatchObject({
      error: { code: 'weights-unfit', message: expect.stringMatching(/do not fit/) as string },
    });
  });

  it('a zip bomb, a cut file, a file that is none', async () => {
    const bomb = await forged((members, m) => {
      const name = 'runs/0/bomb.bin';
      members.set(name, Buffer.alloc(300 << 20));
      m.files.push({ name, bytes: 0, sha256: '' });
    });
    expect(await refusal(bomb)).toMatch(/would unpack to/);
    const cut = join(temporaryFolder(), 'cut.workbench-capsule');
    writeFileSync(cut, readFileSync(bare).subarray(0, 5000));
    expect(await refusal(cut)).toMatch(/not-a-capsule/);
    expect(await refusal(ratings)).toMatch(/not-a-capsule/);
    const runs = await outputOf<{ runs: unknown[] }>(here, 'runs');
    expect(runs.runs).toHaveLength(2);
  });
});

describe('rerun', () => {
  it('says what differs where the first run was another', async () => {
    const there = join(temporaryFolder(), 'there');
    await outputOf(there, 'import', ratings, '--name', 'walk');
    const forgery = await forged((members, m) => {
      const file = arrayNamed(m, 'weights', 'items');
      members.get(file)?.writeFloatLE(0.5, 0);
    });
    const { runs } = await outputOf<{ runs: string[] }>(there, 'import-capsule', forgery);
    const again = await outputOf<{ same: boolean; differs: { what: string; after: string }[] }>(
      there,
      ...['rerun', runs[0]],
    );
    expect(again.same).toBe(false);
    expect(again.differs).toEqual([
      {
        kind: 'result',
        what: 'weights',
        before: 'stored',
        after: expect.stringMatching(/items \(1 of \d+ values\)/) as string,
      },
    ]);
  });
});

function arrayNamed(manifest: Manifest, kind: string, name: string): string {
  return manifest.runs[0].arrays.find((array) => array.kind === kind && array.name === name)?.file ?? '';
}

describe('export-run --weights', () => {
  it('writes what TensorFlow.js and NumPy read: names, shapes and the very bits', async () => {
    const folder = join(temporaryFolder(), 'weights');
    const { written } = await outputOf<{ written: string[] }>(
      here,
      'export-run',
      'ranker',
      '--weights',
      folder,
    );
    expect(written.map((file) => file.slice(folder.length + 1))).toEqual(
      expect.arrayContaining(['model.json', 'weights.bin', 'users.npy', 'items.npy', 'items.csv']),
    );
    const model = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
      weightsManifest: { weights: { name: string; shape: number[]; dtype: string }[] }[];
    };
    const { io } = await import('@tensorflow/tfjs');
    const specs = model.weightsManifest[0].weights as Parameters<typeof io.decodeWeights>[1];
    const bytes = readFileSync(join(folder, 'weights.bin'));
    const decoded = io.decodeWeights(new Uint8Array(bytes).buffer, specs);
    const items = decoded['items'];
    expect(items.shape[1]).toBeGreaterThan(1);
    const npy = readFileSync(join(folder, 'items.npy'));
    expect(npy.toString('latin1', 0, 6)).toBe('\x93NUMPY');
    expect((10 + npy.readUInt16LE(8)) % 64).toBe(0);
    const stored = new Float32Array(new Uint8Array(npy.subarray(10 + npy.readUInt16LE(8))).buffer);
    expect(stored).toEqual(items.dataSync());
    const [, row] = readFileSync(join(folder, 'items.csv'), 'utf8').split('\n');
    expect(Math.fround(Number(row.split(',')[1]))).toBe(stored[0]);
  });
});
