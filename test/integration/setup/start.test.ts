import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  it.each([
    ['code 1', 'exit 1'],
    ['there is no screen', 'echo "Missing X server or $DISPLAY" >&2; exit 1'],
    [
      'this system gives its sandbox no user namespaces',
      'echo "FATAL:zygote_host_impl_linux.cc(132)] No usable sandbox!" >&2; kill -TRAP $$',
    ],
    [
      'the system has no libnss3.so',
      'echo "electron: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127',
    ],
  ])('takes the browser where Electron cannot start, and says why: %s', async (reason, script) => {
    const dist = electronFolder(`broken ${reason}`, script);
    const { printed } = await start(['--no-open'], { ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(printed).toContain(`In the browser, not in Electron: Electron ended at once (${reason}`);
    expect(printed).toContain('http://127.0.0.1:');
  });

  it('does not open a browser where the app has told the person why it cannot go on', async () => {
    const dist = electronFolder('told', 'exit 3');
    const { printed, code } = await start([], { ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(printed).not.toContain('browser');
    expect(code).toBe(3);
  });

  it.each([['--data-dir', 'my data'], ['--data-dir=my data']])(
    'passes the data folder on: %s',
    async (...words) => {
      const record = join(folder, `record ${words.length}`);
      const dist = electronFolder(`folder ${words.length}`, `printf '%s\\n' "$@" > "${record}"`);
      await start(words, { ELECTRON_OVERRIDE_DIST_PATH: dist });
      expect(readFileSync(record, 'utf8').trim().split('\n')).toEqual([root, '--data-dir=my data']);
    },
  );

  it('passes Ctrl+C on once, though a terminal sends it to everyone and npm once more', async () => {
    const record = join(folder, 'signals');
    const script = `trap 'echo INT >> "${record}"; sleep 0.5; exit 0' INT; echo started >&2; while :; do sleep 0.05; done`;
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electronFolder('signalled', script) };
    // A group of its own, as a shell's job has.
    const child = spawn(process.execPath, ['main/setup/run.mjs', 'start'], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (data: Buffer) => {
        if (data.toString().includes('started')) resolve();
      });
    });
    process.kill(-(child.pid ?? 0), 'SIGINT');
    process.kill(child.pid ?? 0, 'SIGINT');
    expect(await ended).toBe(0);
    expect(readFileSync(record, 'utf8').trim().split('\n')).toEqual(['INT']);
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

describe("The download of Electron's program", () => {
  it('goes through the proxy that the environment names, as the question before', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const { printed } = await start(['--unknown'], {
      ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'package'),
      ELECTRON_MIRROR: 'http://electron.invalid/',
      electron_config_cache: join(folder, 'cache'),
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      http_proxy: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    });
    proxy.close();
    expect(asked.join('\n')).toContain('electron.invalid');
    expect(printed).toContain('In the browser, not in Electron: its download failed');
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
