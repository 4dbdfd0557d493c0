import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { electronBinary } from '../../../main/setup/electron-binary.ts';
import { root } from '../../../main/setup/sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a program called electron. */
function electronFolder(name: string, script: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'electron'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(path, 'electron'), 0o755);
  return path;
}

/** `npm start` with these words, until it has printed an address or ended. */
function start(words: string[], env: NodeJS.ProcessEnv): Promise<{ printed: string; code: number | null }> {
  const child = spawn(process.execPath, ['main/setup/run.mjs', 'start', ...words], {
    cwd: root,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', WORKBENCH_DATA_DIR: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const read = (data: Buffer): void => {
    printed += data.toString();
    if (/http:\S+\n/.test(printed)) child.kill('SIGTERM');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve) => child.on('close', (code) => resolve({ printed, code })));
}

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('takes the browser where Electron is not there, says so in one line, and prints an address', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { printed, code } = await start(['--no-open'], { ELECTRON_OVERRIDE_DIST_PATH: empty });
    const lines = printed
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('Built '));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('In the browser, not in Electron: its program is not there.');
    expect(lines[1]).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    expect(code).toBe(0);
  });

  it('opens Electron where it is there, on this app, not as a plain Node', async () => {
    const record = join(folder, 'record');
    const dist = electronFolder(
      'there',
      `echo "$@" > ${record}; echo "[$ELECTRON_RUN_AS_NODE]" >> ${record}`,
    );
    const { printed, code } = await start([], { ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(code).toBe(0);
    expect(printed).not.toContain('http');
    const [words, asNode] = readFileSync(record, 'utf8').split('\n');
    expect(words).toBe(join(root));
    expect(asNode).toBe('[]');
  });

  it('takes the browser where Electron cannot start', async () => {
    const dist = electronFolder('screenless', 'exit 1');
    const { printed } = await start(['--no-open'], { ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(printed).toContain(
      'In the browser, not in Electron: Electron ended at once (code 1); is there a screen?',
    );
    expect(printed).toContain('http://127.0.0.1:');
  });

  it('takes the browser when told, though Electron is there', async () => {
    const dist = electronFolder('unwanted', `touch ${join(folder, 'unwanted-ran')}`);
    const { printed } = await start(['--browser', '--no-open'], { ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(printed).toContain('http://127.0.0.1:');
    expect(existsSync(join(folder, 'unwanted-ran'))).toBe(false);
  });
});

describe("Electron's program", () => {
  it('is where its package says, once it was downloaded', () => {
    const installed = join(folder, 'package');
    mkdirSync(join(installed, 'dist'), { recursive: true });
    expect(electronBinary({}, installed)).toBeNull();
    writeFileSync(join(installed, 'path.txt'), 'electron');
    expect(electronBinary({}, installed)).toBeNull();
    writeFileSync(join(installed, 'dist', 'electron'), '');
    expect(electronBinary({}, installed)).toBe(join(installed, 'dist', 'electron'));
  });
});

describe('Under another Node than 24', () => {
  const olderNode =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";

  it.each([
    ['the set-up', ['main/setup/run.mjs', 'postinstall']],
    ['a built process', ['dist/main/cli.js', 'models']],
    ['the browser shell', ['dist/main/browser.js']],
  ])('%s ends with a clear line', (_name, words) => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', olderNode, ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('Recommender Workbench needs Node 24');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
