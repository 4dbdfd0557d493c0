import { join } from 'node:path';
import { BrowserWindow, dialog, nativeTheme, screen, type WebPreferences } from 'electron';
import { appRoot } from '../../base/app-root.ts';
import { appOrigin } from './channels.ts';
import { isVisibleOn, readWindowState, writeWindowState } from './window-state.ts';

/** Chromium's protections are all on; each is written out, so that none depends on a default. */
export const webPreferences: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
};

/** `--chrome` of renderer/styles/tokens.css: what is seen until the page has painted, and while it is resized. */
const ground = { light: '#eef0f3', dark: '#0e1013' } as const;

/** Milliseconds within which a second crash of the page is told, not fixed. */
const crashesTogether = 60_000;

/**
 * The window, not yet loaded and not yet shown: whoever has events for it can subscribe first.
 * @param stateFile where the window's place is kept from one start to the next
 * @param shows whether it is shown once it has painted
 */
export function makeWindow(stateFile: string, shows = true): BrowserWindow {
  const state = readWindowState(stateFile);
  const isVisible = isVisibleOn(
    screen.getAllDisplays().map(({ workArea }) => workArea),
    state,
  );
  const window = new BrowserWindow({
    width: state.width,
    height: state.height,
    ...(isVisible ? { x: state.x, y: state.y } : {}),
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: ground[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    title: 'Recommender Workbench',
    webPreferences: { ...webPreferences, preload: join(appRoot(), 'dist', 'main', 'preload.cjs') },
  });
  window.once('ready-to-show', () => {
    if (!shows) return;
    // Maximizing shows a window, so it waits for the first paint too.
    if (state.maximized) window.maximize();
    window.show();
  });
  window.on('close', () =>
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  mendCrashes(window);
  return window;
}

export function loadWindow(window: BrowserWindow): Promise<void> {
  return window.loadURL(`${appOrigin}/`);
}

/** A page whose process is gone is loaded anew: the engine goes on, and the page reads its state from there. */
function mendCrashes(window: BrowserWindow): void {
  let last = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    const again = now - last < crashesTogether;
    last = now;
    if (again && !isToBeReloaded(window, reason)) window.close();
    else if (!window.isDestroyed()) window.webContents.reload();
  });
}

function isToBeReloaded(window: BrowserWindow, reason: string): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'warning',
    message: `The window stopped working again (${reason}).`,
    detail: 'Runs and imports go on without it. Nothing that was saved is lost.',
    buttons: ['Open it again', 'Close'],
    defaultId: 0,
    cancelId: 0,
  });
  return answer === 0;
}
