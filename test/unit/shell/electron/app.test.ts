import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkbenchEvent } from '../../../../shared/contract.ts';
import type { Bridge } from '../../../../shared/host.ts';
import {
  app,
  dialogs,
  electron,
  exposed,
  type FakeWindow,
  handlers,
  invoked,
  menus,
  powerSave,
  rendererListeners,
  type FakeUtility,
} from './fake-electron.ts';
import { startApp } from './start-app.ts';

vi.mock('electron', async () => (await import('./fake-electron.ts')).electron);

const pages = mkdtempSync(join(tmpdir(), 'electron-app-'));
vi.mock('../../../../main/base/app-root.ts', () => ({
  appRoot: () => pages,
}));
vi.mock('../../../../main/process/entry.ts', () => ({
  entryOf: (role: string) => `/app/dist/main/${role}.js`,
}));

let engine: FakeUtility;
let window: FakeWindow;

const sender = () => ({ sender: window.webContents, senderFrame: window.webContents.mainFrame });
const state = (status: 'idle' | 'running' | 'error', progress: number | null = null) =>
  ({ event: 'engine.changed', payload: { status, progress } }) as WorkbenchEvent;

beforeAll(async () => {
  ({ engine, window } = await startApp(pages));
});

afterAll(() => rmSync(pages, { recursive: true }));

describe('The desktop shell', () => {
  it('relays requests to the engine and events to the window', async () => {
    const answer = await handlers.get('workbench:invoke')?.(sender(), 'runs.list', { dataset: null });
    expect(answer).toMatchObject({ result: { method: 'runs.list', params: { dataset: null } } });
    const event = { event: 'runs.changed', payload: { run: 'r1' } };
    engine.emit('message', event);
    expect(window.webContents.sent.at(-1)).toEqual(['workbench:event', event]);
  });

  it('answers a request without a method with an error, not with a fault', async () => {
    const answer = await handlers.get('workbench:invoke')?.(sender(), 7, {});
    expect(answer).toMatchObject({ error: { code: 'invalid-parameters' } });
  });

  it("opens the system's dialogs, with checked filters and a harmless name", async () => {
    const filters = [{ name: 'Ratings', extensions: ['csv', 'zip'] }];
    const open = handlers.get('workbench:open-file');
    expect(await open?.(sender(), { filters })).toBe('/home/me/ratings.csv');
    expect(dialogs.open.at(-1)).toEqual({ properties: ['openFile'], filters });
    expect(await open?.(sender(), {})).toBe('/home/me/ratings.csv');
    await expect(open?.(sender(), { filters: [{ name: 'x', extensions: ['../x'] }] })).rejects.toThrow();
    const save = handlers.get('workbench:save-file');
    expect(await save?.(sender(), { suggestedName: '../../a/b.csv' })).toBe('/home/me/out.csv');
    expect(dialogs.save.at(-1)).toMatchObject({ defaultPath: '.._.._a_b.csv' });
    dialogs.saveResult = { canceled: true, filePath: '' };
    expect(await save?.(sender(), { suggestedName: 'b.csv' })).toBeNull();
    dialogs.openResult = { canceled: true, filePaths: [] };
    expect(await open?.(sender(), {})).toBeNull();
  });

  it('gives the path of a dropped file, and events until the subscription ends', async () => {
    const bridge = exposed.get('workbench') as Bridge;
    expect(bridge.pathOfFile({ name: 'ratings.csv' } as File)).toBe('/home/me/ratings.csv');
    expect(await bridge.invoke('runs.list', {})).toEqual({ result: 'answered' });
    expect(invoked.at(-1)).toEqual(['workbench:invoke', 'runs.list', {}]);
    const heard: unknown[][] = [];
    const end = bridge.subscribe((...args) => heard.push(args));
    rendererListeners.emit('workbench:event', { sender: 'electron' }, state('idle'));
    end();
    rendererListeners.emit('workbench:event', { sender: 'electron' }, state('idle'));
    expect(heard).toEqual([[state('idle')]]);
  });

  it('shows progress in the taskbar and keeps the machine awake while it trains, and only then', () => {
    engine.emit('message', state('running', 0.25));
    engine.emit('message', state('running', 0.5));
    engine.emit('message', state('running'));
    expect(powerSave.started).toEqual(['prevent-app-suspension']);
    expect(powerSave.stopped).toEqual([]);
    engine.emit('message', state('idle'));
    engine.emit('message', state('error'));
    expect(powerSave.stopped).toHaveLength(1);
    expect(window.progress).toEqual([
      [0.25, { mode: 'normal' }],
      [0.5, { mode: 'normal' }],
      [2, { mode: 'indeterminate' }],
      [-1, { mode: 'none' }],
      [1, { mode: 'error' }],
    ]);
  });

  it('asks before it closes on a run, and only then', () => {
    const close = () => {
      const event = { prevented: false, preventDefault: () => (event.prevented = true) };
      window.emit('close', event);
      return event.prevented;
    };
    expect(close()).toBe(false);
    engine.emit('message', state('running', 0.1));
    expect(close()).toBe(true);
    const quit = { preventDefault: vi.fn() };
    app.emit('before-quit', quit);
    expect(quit.preventDefault).toHaveBeenCalledOnce();
    expect(engine.posted.at(-1)?.message).not.toEqual({ control: 'stop' });
    const asked = electron.dialog.showMessageBoxSync.mockReturnValueOnce(0).mock.calls.length;
    expect(close()).toBe(false);
    expect(close()).toBe(false);
    expect(electron.dialog.showMessageBoxSync.mock.calls.length).toBe(asked + 1);
    engine.emit('message', state('idle'));
  });

  it('brings its window forward when it is started a second time', () => {
    window.minimized = true;
    app.emit('second-instance');
    expect(window.restore).toHaveBeenCalledOnce();
    expect(window.focus).toHaveBeenCalledOnce();
  });

  it('has no inspector in the menu of a packaged app', () => {
    const roles = menus[0].flatMap(({ submenu }) => submenu ?? []).map(({ role }) => role);
    expect(roles).toContain('reload');
    expect(roles).not.toContain('toggleDevTools');
  });

  it('lets the engine end in order before it quits', async () => {
    const event = { preventDefault: vi.fn() };
    app.emit('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(engine.posted.at(-1)?.message).toEqual({ control: 'stop' });
    engine.emit('exit', 0);
    await expect.poll(() => app.quit.mock.calls.length).toBe(1);
    const again = { preventDefault: vi.fn() };
    app.emit('before-quit', again);
    expect(again.preventDefault).not.toHaveBeenCalled();
    expect(app.exit).not.toHaveBeenCalled();
  });
});
