import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Job, WorkbenchEvent } from '../../../../shared/contract.ts';
import type { Bridge, Command } from '../../../../shared/host.ts';
import { app } from '../../../fixtures/electron/electron.ts';
import { exposed, rendererEvents } from '../../../fixtures/electron/ipc.ts';
import { dialogs, menus, nativeTheme, powerSave } from '../../../fixtures/electron/system.ts';
import type { StandInWindow } from '../../../fixtures/electron/window.ts';
import { ask, endUtilities, makePages, startApp } from './start-app.ts';

vi.mock('electron', () => import('../../../fixtures/electron/electron.ts'));

const pages = vi.hoisted(() => ({ folder: '' }));
vi.mock('../../../../main/base/app-root.ts', () => ({ appRoot: () => pages.folder }));
vi.mock('../../../../main/process/entry.ts', () => ({
  entryOf: () => new URL('../../../fixtures/children/engine.ts', import.meta.url).pathname,
}));

const home = mkdtempSync(join(tmpdir(), 'electron-home-'));
const before = process.cwd();
let window: StandInWindow;

beforeAll(async () => {
  pages.folder = makePages();
  // A folder that is not there yet, named from where the person is.
  process.chdir(home);
  window = await startApp('--data-dir', 'data/mine', '--disable-gpu', 'file:///home/me/first.csv');
});

afterAll(() => {
  process.chdir(before);
  endUtilities();
  rmSync(pages.folder, { recursive: true });
  rmSync(home, { recursive: true });
});

/** Makes the engine say something, and waits until the window was told. */
async function emit(event: WorkbenchEvent): Promise<void> {
  const heard = window.isDestroyed() ? 0 : window.contents.sent.length;
  await ask(window, 'workbench:invoke', 'test.emit', event);
  if (!window.isDestroyed()) await expect.poll(() => window.contents.sent.length).toBeGreaterThan(heard);
}

type Item = Electron.MenuItemConstructorOptions;
const submenu = (name: string): Item[] =>
  menus.at(-1)?.find(({ label }) => label === name)?.submenu as Item[];
const press = (item: Item): void => (item.click as () => void)();

const job = (id: string, kind: Job['kind'], status: Job['status'], done = 0, total: number | null = null) =>
  ({
    event: 'jobs.changed',
    payload: { id, kind, status, done, total, title: `${kind} of ratings.csv` },
  }) as WorkbenchEvent;

describe('The desktop shell', () => {
  it('takes a data folder that is named from where the person is, and makes it', () => {
    expect(app.getPath('userData')).toBe(join(home, 'data/mine/window'));
    expect(existsSync(join(home, 'data/mine/window'))).toBe(true);
  });

  it('gives the engine the folder in full, whatever folder that begins in', async () => {
    const answer = await ask(window, 'workbench:invoke', 'test.shared', null);
    expect(answer).toMatchObject({ result: { argv: ['--data-dir', join(home, 'data/mine')] } });
  });

  it('shows the window when it has painted, on ground of the colour that the person chose', async () => {
    await expect.poll(() => window.isVisible()).toBe(true);
    expect(window.options.show).toBe(false);
    expect(nativeTheme.themeSource).toBe('dark');
    expect(window.options.backgroundColor).toBe('#0e1013');
  });

  it('relays requests to the engine and events to the window', async () => {
    const answer = await ask(window, 'workbench:invoke', 'runs.list', { dataset: null });
    expect(answer).toMatchObject({ result: { method: 'runs.list', params: { dataset: null } } });
    const event = { event: 'runs.changed', payload: { run: 'r1' } } as const;
    await emit(event);
    expect(window.contents.sent.at(-1)).toEqual(['workbench:event', event]);
  });

  it('answers a request without a method with an error, not with a fault', async () => {
    const answer = await ask(window, 'workbench:invoke', 7, {});
    expect(answer).toMatchObject({ error: { code: 'invalid-parameters' } });
  });

  it("opens the system's dialogs, with checked filters and a harmless name", async () => {
    const filters = [{ name: 'Ratings', extensions: ['csv', 'zip'] }];
    expect(await ask(window, 'workbench:open-file', { filters })).toBe('/home/me/ratings.csv');
    expect(dialogs.open.at(-1)).toMatchObject({ properties: ['openFile'], filters });
    const wrong = ask(window, 'workbench:open-file', { filters: [{ name: 'x', extensions: ['../x'] }] });
    await expect(wrong).rejects.toThrow();
    expect(await ask(window, 'workbench:save-file', { suggestedName: '../../a/b.csv' })).toBe(
      '/home/me/out.csv',
    );
    expect(basename(dialogs.save.at(-1)?.defaultPath ?? '')).toBe('.._.._a_b.csv');
    dialogs.saveResult = { canceled: true, filePath: '' };
    expect(await ask(window, 'workbench:save-file', { suggestedName: 'b.csv' })).toBeNull();
    dialogs.openResult = { canceled: true, filePaths: [] };
    expect(await ask(window, 'workbench:open-file', {})).toBeNull();
  });

  it("dialogs begin in the person's documents, later where something was chosen from", () => {
    expect(dialogs.open[0].defaultPath).toBe(app.getPath('documents'));
    expect(dialogs.open.at(-1)?.defaultPath).toBe('/home/me');
    expect(dirname(dialogs.save[0].defaultPath ?? '')).toBe('/home/me');
  });

  it('gives the path of a dropped file, and events until the subscription ends', async () => {
    const bridge = exposed.get('workbench') as Bridge;
    expect(bridge.pathOfFile(new File([], 'ratings.csv'))).toBe('/home/me/ratings.csv');
    expect(await bridge.invoke('runs.list', {})).toMatchObject({ result: { method: 'runs.list' } });
    const heard: unknown[][] = [];
    const end = bridge.subscribe((...words) => heard.push(words));
    rendererEvents.emit('workbench:event', { sender: 'electron' }, { event: 'x' });
    end();
    rendererEvents.emit('workbench:event', { sender: 'electron' }, { event: 'x' });
    expect(heard).toEqual([[{ event: 'x' }]]);
  });

  it.each(['run', 'import', 'export', 'download'] as const)(
    'shows the progress of a %s in the taskbar and keeps the machine awake meanwhile, and only then',
    async (kind) => {
      window.progress.length = 0;
      await emit(job('1', kind, 'running', 1, 4));
      await emit(job('1', kind, 'running', 5, null));
      expect(powerSave.running.size).toBe(1);
      await emit(job('1', kind, 'done', 4, 4));
      expect(powerSave.running.size).toBe(0);
      expect(window.progress).toEqual([
        [0.25, { mode: 'normal' }],
        [2, { mode: 'indeterminate' }],
        [-1, { mode: 'none' }],
      ]);
    },
  );

  it.each([
    ['run', 'A run is under way'],
    ['export', 'export of ratings.csv is under way'],
  ] as const)('asks before it closes on a %s', async (kind, words) => {
    await emit(job('2', kind, 'running'));
    window.close();
    expect(window.isDestroyed()).toBe(false);
    expect(dialogs.messages.at(-1)?.message).toContain(words);
    app.quit();
    expect(window.isDestroyed()).toBe(false);
    await emit(job('2', kind, 'done'));
  });

  it('loads a page anew whose process is gone, and asks where that happens again', () => {
    const crash = (): boolean =>
      window.contents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
    dialogs.answers.push(0);
    crash();
    expect(window.contents.reloads).toBe(1);
    const asked = dialogs.messages.length;
    crash();
    expect(dialogs.messages.length).toBe(asked + 1);
    expect(window.contents.reloads).toBe(2);
  });

  it('keeps what its processes say on stderr, with who says it', async () => {
    const log = join(home, 'data/mine/logs/workbench.log');
    await ask(window, 'workbench:invoke', 'test.say', 'a library is missing');
    await expect
      .poll(() => existsSync(log) && readFileSync(log, 'utf8'))
      .toMatch(/engine \d+: a library is missing\n/);
  });

  it('brings its window forward when it is started a second time, and opens what that start was for', async () => {
    window.minimized = true;
    const heard: Command[] = [];
    const end = (exposed.get('workbench') as Bridge).onCommand((command) => heard.push(command));
    // Started with a file: it waited for the page. What comes in argv may be in another order by then.
    await expect.poll(() => heard).toEqual([{ do: 'open', path: '/home/me/first.csv' }]);
    app.emit('second-instance', {}, ['/tmp/not-this.csv'], '', {
      files: ['/home/me/second.csv', '/etc/passwd'],
    });
    expect(window.calls).toEqual(['restore', 'focus']);
    expect(window.contents.sent.at(-1)).toEqual(['workbench:commands-wait']);
    rendererEvents.emit('workbench:commands-wait', {});
    await expect.poll(() => heard.slice(1)).toEqual([{ do: 'open', path: '/home/me/second.csv' }]);
    // Nothing that is no list of files, and no flood of them.
    for (const data of [null, { files: 'x.csv' }, { files: [7] }])
      app.emit('second-instance', {}, [], '', data);
    const flood = Array.from({ length: 100 }, (_, at) => `/home/me/${at}.csv`);
    app.emit('second-instance', {}, [], '', { files: flood });
    rendererEvents.emit('workbench:commands-wait', {});
    await expect.poll(() => heard.length).toBe(22);
    end();
  });

  it('hands the files that it was started with to the app that runs already', () => {
    expect(app.additionalData).toEqual({ files: ['/home/me/first.csv'] });
  });

  it('opens what macOS names, and keeps it from going elsewhere', async () => {
    let prevented = false;
    app.emit('open-file', { preventDefault: () => (prevented = true) }, '/home/me/runs.workbench-capsule');
    expect(prevented).toBe(true);
    expect(await ask(window, 'workbench:take-commands')).toEqual([
      { do: 'open', path: '/home/me/runs.workbench-capsule' },
    ]);
    expect(await ask(window, 'workbench:take-commands')).toEqual([]);
  });

  it('keeps the files that were imported last in its menu, and opens them from there', async () => {
    const names = () => submenu('File').find(({ label }) => label === 'Open recent')?.submenu as Item[];
    expect(names()).toEqual([{ label: 'Nothing yet', enabled: false }]);
    await ask(window, 'workbench:invoke', 'import.inspect', { path: '/home/me/looked at.csv' });
    await ask(window, 'workbench:invoke', 'import.start', { path: '/home/me/refused.csv' });
    for (const name of ['a.csv', 'b.csv', 'a.csv', 'odd.xyz'])
      await ask(window, 'workbench:invoke', 'import.start', { path: `/home/me/${name}`, name, settings: {} });
    expect(names().map(({ label }) => label)).toEqual(['a.csv', 'b.csv', undefined, 'Clear']);
    expect(JSON.parse(readFileSync(join(home, 'data/mine/window/recent.json'), 'utf8'))).toEqual([
      '/home/me/a.csv',
      '/home/me/b.csv',
    ]);
    press(names()[1]);
    expect(await ask(window, 'workbench:take-commands')).toEqual([{ do: 'open', path: '/home/me/b.csv' }]);
    press(names()[3]);
    expect(names()).toEqual([{ label: 'Nothing yet', enabled: false }]);
  });

  it('asks the page for About, help and an import from its menu', async () => {
    press(submenu('File')[0]);
    const help = menus.at(-1)?.find(({ role }) => role === 'help')?.submenu as Item[];
    for (const item of help.filter(({ label }) => /^(About|Help)/.test(label ?? ''))) press(item);
    expect(await ask(window, 'workbench:take-commands')).toEqual([
      { do: 'import' },
      { do: 'help' },
      { do: 'about' },
    ]);
  });

  it('forgets the work of an engine that crashed', async () => {
    await emit(job('3', 'import', 'running'));
    expect(powerSave.running.size).toBe(1);
    void ask(window, 'workbench:invoke', 'test.crash', null);
    await expect.poll(() => powerSave.running.size).toBe(0);
    expect(await ask(window, 'workbench:invoke', 'runs.list', {})).toHaveProperty('result');
  });

  it('has no inspector in the menu of a packaged app', () => {
    const roles = menus[0]
      .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
      .map(({ role }) => role);
    expect(roles).toContain('reload');
    expect(roles).not.toContain('toggleDevTools');
  });

  it('lets the engine end in order when its window closes, and is not disturbed by another start meanwhile', async () => {
    window.close();
    expect(window.isDestroyed()).toBe(true);
    app.emit('second-instance', {}, [], '');
    expect(app.exitCode).toBeNull();
    await expect.poll(() => app.exitCode).toBe(0);
    expect(dialogs.errors).toEqual([]);
  });
});
