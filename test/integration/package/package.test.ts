import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, foreignIn, listOf } from '../../../main/setup/packaging/contents.ts';
import { fuseMark, writeStandIn } from '../../../main/setup/packaging/stand-in.ts';
import { root } from '../../../main/setup/sources.ts';
import type { SelfTest } from '../../../shared/engine.ts';

/**
 * Packages the `dir` target around a stand-in for Electron, whose own program needs the network: layout, contents,
 * size and fuses are the real ones.
 */
const folder = mkdtempSync(join(root, 'dist', 'package-test-'));
const resources = join(folder, 'out', 'linux-unpacked', 'resources');
const archive = join(resources, 'app.asar');
const unpacked = join(resources, 'app.asar.unpacked');

beforeAll(() => {
  const electronDist = join(folder, 'electron');
  writeStandIn(electronDist, 'linux', 'x64');
  const words = [
    ['main/setup/run.mjs', 'package', '--linux', 'dir', '--x64'],
    [`-c.electronDist=${electronDist}`, `-c.directories.output=${join(folder, 'out')}`],
  ].flat();
  const done = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const contents = () =>
  listPackage(archive, { isPack: false }).map((path) => path.slice(1).replaceAll('\\', '/'));
const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
const bytesOf = (files: string[]) => files.reduce((sum, file) => sum + lstatSync(file).size, 0);

describe.runIf(process.platform === 'linux')('A package', () => {
  it('has the processes, the kernels and the windows', () => {
    const files = new Set(contents());
    const wanted = [
      ...[
        'engine',
        'trainer',
        'importer',
        'kernels-worker',
        'inspector-thread',
        'checkpoint-thread',
        'segment-worker',
        'browser',
        'cli',
        'electron',
      ].map((name) => `dist/main/${name}.js`),
      'dist/main/preload.cjs',
      'dist/kernels/kernels.wasm',
      'dist/kernels/kernels.relaxed.wasm',
      'dist/renderer/index.html',
      'package.json',
    ];
    expect(wanted.filter((path) => !files.has(path))).toEqual([]);
  });

  it('has nothing that only builds, documents or tests', () => {
    const foreign =
      /\.(map|ts|tsbuildinfo)$|^(main|renderer|shared|test|docs)\/|node_modules\/(vite|electron|typescript|svelte|@types)\/|node_modules\/[^/]+\/(src|deps)\/.*\.(c|cc|h)$/;
    expect(contents().filter((path) => foreign.test(path))).toEqual([]);
    expect(contents().some((path) => /\.(env|pem|key)$/.test(path))).toBe(false);
  });

  it('has nothing that only installs: no archive, proxy or deletion library of the TensorFlow installer', () => {
    const installers =
      /node_modules\/(tar|rimraf|glob|https-proxy-agent|agent-base|adm-zip|minipass|form-data)\//;
    expect(contents().filter((path) => installers.test(path))).toEqual([]);
  });

  it('has no package a second time that is bundled into dist/main', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const bundled = Object.keys(dependencies).filter(
      (name) => !/^(better-sqlite3|@tensorflow\/.*)$/.test(name),
    );
    const files = contents();
    expect(bundled.filter((name) => files.some((path) => path.startsWith(`node_modules/${name}/`)))).toEqual(
      [],
    );
  });

  it('has its natives outside of the archive, for this platform alone', () => {
    const natives = filesBelow(unpacked)
      .map((file) => relative(unpacked, file))
      .filter((file) => /\.(node|so(\.\d+)?|dylib|dll)$/.test(file));
    expect(natives).toContain('node_modules/better-sqlite3/prebuilds/linux-x64.node');
    expect(natives.filter((file) => /darwin|win32|musl|arm64/.test(file))).toEqual([]);
    // By its header, not by its name.
    const all = contentsOf(join(folder, 'out', 'linux-unpacked'));
    expect(foreignIn(all, 'linux', 'x64')).toEqual([]);
    expect(all.binaries.size).toBeGreaterThan(natives.length / 2);
    expect(listOf(all)).toMatch(/ MB {2}all\n/);
    const packed = contents().filter((path) => /\.(node|so(\.\d+)?)$/.test(path));
    expect(packed.filter((path) => !natives.includes(path))).toEqual([]);
    if (existsSync(join(root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'))) {
      expect(natives).toContain('node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');
      expect(natives).toContain('node_modules/@tensorflow/tfjs-node/deps/lib/libtensorflow_cc.so.2');
    }
  });

  it('is at most 80 MB without Electron and TensorFlow, 750 MB with TensorFlow', () => {
    const files = filesBelow(resources);
    const tensorflow = files.filter((file) => file.includes('tfjs-node/deps/'));
    const all = bytesOf(files) / 1e6;
    console.log(`${(all - bytesOf(tensorflow) / 1e6).toFixed(0)} MB, ${all.toFixed(0)} MB with TensorFlow`);
    expect(all - bytesOf(tensorflow) / 1e6).toBeLessThanOrEqual(80);
    expect(all).toBeLessThanOrEqual(750);
    expect(all).toBeGreaterThan(20);
  });

  it('has its licence and the notices of what it contains', () => {
    expect(readFileSync(join(resources, 'LICENSE.txt'), 'utf8')).toContain('MIT');
    const notices = readFileSync(join(resources, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['better-sqlite3', 'hyparquet', 'svelte', 'chart.js', 'libtensorflow']) {
      expect(notices).toContain(name);
    }
  });

  it('has its fuses set: no plain Node, no switches, only the checked archive', () => {
    const program = readFileSync(join(folder, 'out', 'linux-unpacked', 'recommender-workbench'));
    const at = program.indexOf(fuseMark) + fuseMark.length + 2;
    // run as node, cookie encryption, NODE_OPTIONS, --inspect, archive integrity, archive only, snapshot, file://
    expect(program.subarray(at, at + 8).toString()).toBe('00001100');
  });

  /** Node that sees the archive as a folder, as Electron does, in its children and workers too. */
  const hooked = {
    ...process.env,
    NODE_OPTIONS: `--import=${new URL('../../fixtures/asar/hook.ts', import.meta.url).href}`,
    TF_CPP_MIN_LOG_LEVEL: '2',
  };

  it('runs from inside of its archive: sample, importer, trainer, kernel workers, WASM, Parquet, store', () => {
    const report = join(folder, 'self-test.json');
    const command = join(archive, 'dist/main/cli.js');
    const words = [command, 'doctor', '--self-test', report, '--data-dir', join(folder, 'data')];
    // From a folder without node_modules: nothing of the project may help.
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: tmpdir(),
      encoding: 'utf8',
      env: hooked,
    });
    expect(status, stderr).toBe(0);
    const { passed, checks } = JSON.parse(readFileSync(report, 'utf8')) as SelfTest;
    expect(passed).toBe(true);
    const native = existsSync(
      join(unpacked, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'),
    );
    expect(Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))).toEqual({
      sample: 'passed',
      'fused epoch': 'passed',
      'Parquet file': 'passed',
      fused: 'passed',
      wasm: 'passed',
      tensorflow: native ? 'passed' : 'absent',
      store: 'passed',
    });
    if (native) expect(checks.find(({ name }) => name === 'tensorflow')?.detail).toContain(unpacked);
  });

  it('serves its windows from inside of its archive, over an engine that starts there', async () => {
    const words = [join(archive, 'dist/main/browser.js'), '--no-open', '--data-dir', join(folder, 'served')];
    const child = spawn(process.execPath, words, {
      cwd: tmpdir(),
      env: hooked,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const address = /http:\S+/.exec(line)?.[0] ?? '';
    const { status } = await fetch(address, { redirect: 'manual' });
    expect(status).toBeLessThan(400);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
