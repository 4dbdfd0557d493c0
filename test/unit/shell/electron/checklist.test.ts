/** One test an item of Electron's security checklist: https://www.electronjs.org/docs/latest/tutorial/security */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root } from '../../../../main/setup/sources.ts';
import { outsidePages } from '../../../../shared/host.ts';
import { StandInContents } from '../../../fixtures/electron/contents.ts';
import { app, standInSession, windows } from '../../../fixtures/electron/electron.ts';
import { exposed, handlers, invokeFrom } from '../../../fixtures/electron/ipc.ts';
import { schemes } from '../../../fixtures/electron/session.ts';
import { menus, opened } from '../../../fixtures/electron/system.ts';
import { endUtilities, makePages, startApp } from './start-app.ts';

vi.mock('electron', () => import('../../../fixtures/electron/electron.ts'));

const pages = vi.hoisted(() => ({ folder: '' }));
vi.mock('../../../../main/base/app-root.ts', () => ({ appRoot: () => pages.folder }));
vi.mock('../../../../main/process/entry.ts', () => ({
  entryOf: () => new URL('../../../fixtures/children/engine.ts', import.meta.url).pathname,
}));

const source = (name: string) => readFileSync(join(root, 'main/shell/electron', name), 'utf8');
const sources = readdirSync(join(root, 'main/shell/electron')).filter((name) => name.endsWith('.ts'));
const preferences = () => windows[0].options.webPreferences as Record<string, unknown>;
const get = async (url: string, init?: RequestInit) => {
  const handler = standInSession.schemes.get('app');
  if (!handler) throw new Error('app:// is not handled');
  return handler(new Request(url, init));
};

/** What happens when a page asks to go to an address: true where it is stopped. */
function isStopped(contents: StandInContents, event: string, url: string): boolean {
  let stopped = false;
  contents.emit(event, { url, preventDefault: () => (stopped = true) });
  return stopped;
}

/** A page of another place. */
function pageOf(url: string): StandInContents {
  const contents = new StandInContents();
  contents.mainFrame.url = url;
  return contents;
}

beforeAll(async () => {
  pages.folder = makePages();
  await startApp('--data-dir', join(pages.folder, 'data'));
});

afterAll(() => {
  endUtilities();
  rmSync(pages.folder, { recursive: true });
});

describe("Electron's security checklist", () => {
  it('1. only loads secure content: its own files, under its own scheme', () => {
    expect(windows.map(({ contents }) => contents.loaded)).toEqual([['app://workbench/']]);
    for (const name of sources) expect(source(name), name).not.toMatch(/['"`]http:/);
  });

  it('2. does not enable Node in windows', () => {
    expect(preferences()).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
    });
  });

  it('3. isolates the context', () => {
    expect(preferences()).toMatchObject({ contextIsolation: true });
  });

  it('4. puts every process of Chromium in a sandbox', () => {
    expect(app.sandboxed).toBe(true);
    expect(preferences()).toMatchObject({ sandbox: true });
  });

  it('5. answers permission requests by a table: what is not in it is refused, and so is every other page', () => {
    const ask = (permission: string, url = 'app://workbench/') => {
      // The face has what the app calls, and throws at everything else.
      const contents = pageOf(url).face as unknown as Electron.WebContents;
      type Requested = Parameters<NonNullable<typeof standInSession.permissionRequest>>;
      type Checked = Parameters<NonNullable<typeof standInSession.permissionCheck>>;
      let answer: unknown;
      const take = (given: boolean) => (answer = given);
      standInSession.permissionRequest?.(contents, permission as Requested[1], take, {} as Requested[3]);
      const checked = standInSession.permissionCheck?.(
        contents,
        permission as Checked[1],
        url,
        {} as Checked[3],
      );
      expect(checked).toBe(answer);
      return answer;
    };
    expect(ask('clipboard-sanitized-write')).toBe(true);
    const refused = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
      'hid',
      'serial',
      'unknown',
    ];
    for (const permission of refused) expect(ask(permission), permission).toBe(false);
    expect(ask('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(ask('clipboard-sanitized-write', 'app://evil/')).toBe(false);
    expect(standInSession.device?.({} as Electron.DevicePermissionHandlerHandlerDetails)).toBe(false);
    let screen: unknown = 'asked';
    const request = {} as Electron.DisplayMediaRequestHandlerHandlerRequest;
    standInSession.displayMedia?.(request, (streams) => (screen = streams));
    expect(screen).toBeNull();
    let pairing: unknown;
    const details = {} as Electron.BluetoothPairingHandlerHandlerDetails;
    standInSession.bluetooth?.(details, (response) => (pairing = response));
    expect(pairing).toEqual({ confirmed: false });
  });

  it('6. leaves web security on', () => {
    expect(preferences()).toMatchObject({ webSecurity: true });
    for (const name of sources)
      expect(source(name), name).not.toMatch(/disable-web-security|bypassCSP: true/);
  });

  it('7. sends a content security policy as a header with every answer', async () => {
    for (const path of ['', 'assets/main.js', 'nothing']) {
      const policy = (await get(`app://workbench/${path}`)).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/unsafe-(inline|eval)|\*/);
    }
  });

  it('8. does not allow insecure content', () => {
    expect(preferences()).toMatchObject({ allowRunningInsecureContent: false });
  });

  it('9. enables no experimental features', () => {
    expect(preferences()).toMatchObject({ experimentalFeatures: false });
  });

  it('10. enables no Blink features', () => {
    expect(preferences()).not.toHaveProperty('enableBlinkFeatures');
    for (const name of sources) expect(source(name), name).not.toMatch(/appendSwitch|enableBlinkFeatures/);
  });

  it('11. has no web views, so none that allows pop-ups', () => {
    expect(preferences()).toMatchObject({ webviewTag: false });
    for (const name of sources) expect(source(name), name).not.toContain('allowpopups');
  });

  it('12. refuses every web view that a page attaches, whatever its options', () => {
    let stopped = false;
    const event = { preventDefault: () => (stopped = true) };
    windows[0].contents.emit('will-attach-webview', event, { nodeIntegration: false }, {});
    expect(stopped).toBe(true);
  });

  it('13. stays on its page: no navigation, redirect or framed navigation elsewhere', () => {
    const { contents: webContents } = windows[0];
    const elsewhere = [
      'https://evil.example/',
      'file:///etc/passwd',
      'app://workbench.evil/',
      'app://evil/',
      'javascript:alert(1)',
      'data:text/html,x',
      'nonsense',
    ];
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      for (const url of elsewhere) expect(isStopped(webContents, event, url), `${event} ${url}`).toBe(true);
      expect(isStopped(webContents, event, 'app://workbench/')).toBe(false);
    }
    const later = new StandInContents();
    app.emit('web-contents-created', {}, later);
    expect(isStopped(later, 'will-navigate', 'https://evil.example/')).toBe(true);
  });

  it('14. opens no windows for pages', () => {
    const { openHandler } = windows[0].contents;
    for (const url of ['https://evil.example/', 'app://workbench/'])
      expect(openHandler?.({ url } as Electron.HandlerDetails)).toEqual({ action: 'deny' });
  });

  it('15. opens outside pages only in one file, and only those in its table', async () => {
    for (const name of sources.filter((file) => file !== 'outside.ts')) {
      expect(source(name), name).not.toMatch(/openExternal|openPath|shell[.,] /);
    }
    for (const { click } of menus[0].flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : [])))
      (click as (() => void) | undefined)?.();
    expect(opened.external).toEqual(['https://d2l.ai/chapter_recommender-systems/index.html']);
    expect(opened.paths).toEqual([join(pages.folder, 'data')]);
    const [{ contents }] = windows;
    const ask = (page: unknown) => invokeFrom(contents, contents.mainFrame, 'workbench:open-page', page);
    await ask('home');
    expect(opened.external.at(-1)).toBe(outsidePages.home);
    for (const page of ['https://evil.example/', 'file:///etc/passwd', 'toString', null])
      await expect(ask(page)).rejects.toThrow();
    expect(opened.external.length).toBe(2);
  });

  it('16. pins a current Electron exactly', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number.parseInt(devDependencies.electron, 10)).toBeGreaterThanOrEqual(45);
  });

  it('17. checks the sender of every message', async () => {
    const { contents } = windows[0];
    const stranger = pageOf('app://workbench/');
    expect([...handlers.keys()].sort()).toEqual([
      'workbench:invoke',
      'workbench:open-file',
      'workbench:open-page',
      'workbench:save-file',
      'workbench:take-commands',
    ]);
    for (const channel of handlers.keys()) {
      const refused = async (sender: StandInContents, frame: unknown) =>
        expect(invokeFrom(sender, frame, channel, 'runs.list', {})).rejects.toThrow('sender');
      await refused(stranger, stranger.mainFrame);
      await refused(contents, { url: 'app://workbench/' });
      await refused(contents, null);
      contents.mainFrame.url = 'https://evil.example/';
      await refused(contents, contents.mainFrame);
      contents.mainFrame.url = 'app://workbench/';
    }
    for (const name of sources.filter((file) => file !== 'ipc.ts')) {
      expect(source(name), name).not.toContain('ipcMain');
    }
  });

  it('18. serves its window by its own scheme, not by file://, and nothing beside it', async () => {
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    for (const name of sources) expect(source(name), name).not.toMatch(/loadFile|['"]file:/);
    const page = await get('app://workbench/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('window');
    for (const path of [
      '../secret.js',
      '..%2fsecret.js',
      '%2e%2e/secret.js',
      'assets/../../secret.js',
      'assets/..%5c..%5csecret.js',
    ]) {
      expect((await get(`app://workbench/${path}`)).status, path).toBe(404);
    }
    expect((await get('app://evil/index.html')).status).toBe(404);
    expect((await get('app://workbench/', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('19. sets the fuses of a packaged app', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    const fuses = Object.fromEntries(
      [...config.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, on]) => [name, on]),
    );
    expect(fuses).toMatchObject({
      runAsNode: 'false',
      enableCookieEncryption: 'false',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
      enableEmbeddedAsarIntegrityValidation: 'true',
      onlyLoadAppFromAsar: 'true',
      grantFileProtocolExtraPrivileges: 'false',
    });
  });

  it('20. gives windows no API of Electron: plain functions, and events without their sender', () => {
    expect([...exposed.keys()]).toEqual(['workbench']);
    const bridge = exposed.get('workbench') as Record<string, unknown>;
    expect(Object.keys(bridge).sort()).toEqual(
      ['invoke', 'kind', 'onCommand', 'openFile', 'openPage', 'pathOfFile', 'saveFile', 'subscribe'].sort(),
    );
    expect(Object.values(bridge).filter((value) => typeof value === 'object')).toEqual([]);
  });
});
