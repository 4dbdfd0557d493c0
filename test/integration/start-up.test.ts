import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cacheFolder } from '../../main/base/compile-cache.ts';
import { temporaryFolder as keptFolder } from '../fixtures/data/folder.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, startWorkbenchWith } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt } from './shell/serve.ts';

const hook = new URL('../fixtures/stage-trace.ts', import.meta.url).href;
const folder = keptFolder();

/** What each process of a command loads, by program: file names of the built app, and packages. */
async function loadedBy(dataDir: string, ...words: string[]): Promise<Record<string, string[]>> {
  const file = join(temporaryFolder(), 'stages');
  const { ended } = startWorkbenchWith(
    { NODE_OPTIONS: `--import=${hook}`, STAGE_TRACE: file },
    dataDir,
    ...words,
  );
  const { code, output, stderr } = await ended;
  if (code !== 0) throw new Error(`${JSON.stringify(output)} ${stderr}`);
  return stagesIn(file);
}

/** What a trace says, by program; a thread has a name of its own. */
function stagesIn(file: string): Record<string, string[]> {
  const loaded: Record<string, string[]> = {};
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [, program, what, url] = line.split(' ');
    const files = (loaded[program] ??= []);
    if (what === 'loads') files.push(url);
  }
  return loaded;
}

/** The sources of built files, by their maps. */
function sourcesOf(urls: readonly string[]): string[] {
  return urls
    .filter((url) => url.includes('/dist/main/') && existsSync(new URL(`${url}.map`)))
    .flatMap(
      (url) => (JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')) as { sources: string[] }).sources,
    );
}

describe('what a command loads', () => {
  const dataDir = join(folder.path, 'data');
  beforeAll(async () => {
    await outputOf(dataDir, 'sample');
  });

  it('is, for a list of data sets, no model that trains, no reader of files and no other process', async () => {
    const { cli, ...others } = await loadedBy(dataDir, 'datasets');
    expect(Object.keys(others)).toEqual([]);
    expect(cli.some((url) => url.includes('better-sqlite3'))).toBe(true);
    expect(
      cli.filter((url) => /tensorflow|\/(fused|kernels|evaluate|delimited|parquet|xlsx)-/i.test(url)),
    ).toEqual([]);
    expect(sourcesOf(cli).some((path) => path.includes('main/models/'))).toBe(true);
    const reads =
      /node_modules\/(iconv-lite|chardet|yauzl|hyparquet|hucre)\/|main\/files\/(read|sniff|formats)\//;
    expect(sourcesOf(cli).filter((path) => reads.test(path))).toEqual([]);
  });

  it('is, for a model on the kernels, no TensorFlow, in the command as in its trainer', async () => {
    const loaded = await loadedBy(
      dataDir,
      'train',
      '--dataset',
      'Sample (synthetic)',
      '--model',
      'ials',
      '--set',
      'epochs=1',
    );
    const processes = Object.keys(loaded).filter((name) => !name.endsWith('-thread'));
    expect(processes.toSorted()).toEqual(['cli', 'trainer']);
    const all = Object.values(loaded).flat();
    expect(all.filter((url) => /tensorflow/i.test(url))).toEqual([]);
    expect(loaded['trainer'].filter((url) => /\/(fused|kernels)-/.test(url)).length).toBeGreaterThan(0);
  });
});

describe('an open window of which nothing is asked', () => {
  it('has the shell and the engine, and no trainer, importer or thread beside them', async () => {
    const file = join(folder.path, 'window-stages');
    vi.stubEnv('NODE_OPTIONS', `--import=${hook}`);
    vi.stubEnv('STAGE_TRACE', file);
    onTestFinished(() => void vi.unstubAllEnvs());
    const served = await serveBuilt(join(folder.path, 'data'));
    const window = await openWindow(served.url);
    for (const method of ['engine.state', 'datasets.list', 'models.list', 'jobs.list', 'settings.get'])
      await window.invoke(method);
    window.close();
    served.process.kill();
    await served.ended;
    expect(Object.keys(stagesIn(file)).toSorted()).toEqual(['browser', 'engine']);
  });
});

describe('compiled code', () => {
  it('is kept in a folder of the user’s own, and that of other versions goes', async () => {
    const cache = temporaryFolder();
    const folder = join(cache, 'recommender-workbench');
    mkdirSync(join(folder, 'code-0.0.1'), { recursive: true });
    writeFileSync(join(folder, 'code-0.0.1', 'old'), '');
    const dataDir = join(temporaryFolder(), 'data');
    const { code } = await startWorkbenchWith({ XDG_CACHE_HOME: cache }, dataDir, 'models').ended;
    expect(code).toBe(0);
    if (process.platform !== 'linux') return;
    const [kept, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readdirSync(join(folder, kept), { recursive: true }).length).toBeGreaterThan(5);
  });

  it('keeps no command from running where it cannot be kept', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const dataDir = join(temporaryFolder(), 'data');
    const { code, stderr } = await startWorkbenchWith({ XDG_CACHE_HOME: file }, dataDir, 'models').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(dataDir)).toBe(true);
  });

  it('has the system’s place for what can be made again', () => {
    const env = { LOCALAPPDATA: '/local', XDG_CACHE_HOME: '/cache' };
    expect(cacheFolder('linux', env)).toBe('/cache/recommender-workbench');
    expect(cacheFolder('win32', env)).toBe('/local/recommender-workbench-cache');
    expect(cacheFolder('darwin', env)).toMatch(/Library\/Caches\/recommender-workbench$/);
    expect(cacheFolder('linux', {})).toMatch(/\.cache\/recommender-workbench$/);
  });
});
