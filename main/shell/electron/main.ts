/** The desktop app: one window over the engine process. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, type BrowserWindow, dialog, powerSaveBlocker, session } from 'electron';
import type { ErrorShape } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { EngineLink } from '../../process/engine-link.ts';
import { showActivity, type Activity } from './activity.ts';
import { channels } from './channels.ts';
import { electronForker } from './forker.ts';
import { guardDownloads, guardNavigation, guardPermissions } from './guards.ts';
import { answerWindows } from './ipc.ts';
import { setMenu } from './menu.ts';
import { registerScheme, serveWindow } from './protocol.ts';
import { openWindow } from './window.ts';

const { values } = parseArgs({
  args: process.argv.slice(1),
  options: { 'data-dir': { type: 'string' } },
  // Chromium's own switches are in the same list.
  strict: false,
});
const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : null;

app.enableSandbox();
registerScheme();
guardNavigation();
// Windows of different data folders may run side by side; the lock is on Electron's folder.
if (dataDir !== null) app.setPath('userData', join(dataDir, 'window'));
if (app.requestSingleInstanceLock()) void app.whenReady().then(run).catch(giveUp);
else app.quit();

async function run(): Promise<void> {
  const engine = new EngineLink(electronForker(), {
    arguments: dataDir === null ? [] : ['--data-dir', dataDir],
  });
  guardPermissions(session.defaultSession);
  guardDownloads(session.defaultSession);
  serveWindow(session.defaultSession);
  answerWindows(engine);
  await engine.start();
  const state = await engine.invoke('engine.state', {});
  if ('error' in state) throw new WorkbenchError(state.error.code, state.error.message, state.error.hint);
  setMenu((state.result as { dataDir: string }).dataDir);
  const window = await openWindow(join(app.getPath('userData'), 'window.json'));
  engine.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send(channels.event, event);
  });
  const activity = showActivity((listener) => engine.subscribe(listener), systemSigns(window));
  const mayQuit = askOnce(activity, window);
  window.on('close', (event) => {
    if (!mayQuit()) event.preventDefault();
  });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  engine.process.onEnd(({ asked, error }) => {
    if (!asked)
      giveUp(error ?? new Error('The engine crashed again and again. Nothing that was saved is lost.'));
  });
  quitAfterEngine(engine, activity, mayQuit);
}

/** The engine gets its grace period: a run in training is marked, the database is closed. */
function quitAfterEngine(engine: EngineLink, activity: Activity, mayQuit: () => boolean): void {
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (!mayQuit()) return;
    stopped = true;
    activity.end();
    void engine.stop().finally(() => app.quit());
  });
}

function systemSigns(window: BrowserWindow): Parameters<typeof showActivity>[1] {
  return {
    setProgress(progress, mode) {
      if (!window.isDestroyed()) window.setProgressBar(progress, { mode });
    },
    blockSleep() {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      return () => void powerSaveBlocker.stop(id);
    },
  };
}

/** Whether the app may end: asks where a run is under way, and after a yes not again. */
function askOnce(activity: Activity, window: BrowserWindow): () => boolean {
  let agreed = false;
  return () => {
    if (activity.isBusy) agreed ||= askWhetherToQuit(window);
    return agreed || !activity.isBusy;
  };
}

function askWhetherToQuit(window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'A run is under way. Stop it and quit?',
    detail: 'It is kept as interrupted and can be resumed.',
    buttons: ['Stop and quit', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
  });
  return answer === 0;
}

function giveUp(error: unknown): void {
  const { message, hint } = error as Error & Partial<ErrorShape>;
  dialog.showErrorBox('Recommender Workbench cannot go on', [message, hint].filter(Boolean).join('\n\n'));
  app.exit(1);
}
