import { join } from 'node:path';
import { BrowserWindow, screen, type WebPreferences } from 'electron';
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

/** @param stateFile where the window's place is kept from one start to the next */
export async function openWindow(stateFile: string): Promise<BrowserWindow> {
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
    title: 'Recommender Workbench',
    webPreferences: { ...webPreferences, preload: join(appRoot(), 'dist', 'main', 'preload.cjs') },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  await window.loadURL(`${appOrigin}/`);
  return window;
}
